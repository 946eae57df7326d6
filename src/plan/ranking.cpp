#include "plan/ranking.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

/// Theory's favourites that are simulated; its times per update may err by a third (K-async on few
/// workers), so what it puts within this factor of the best is looked at too.
constexpr std::size_t shortlist = 24;
constexpr double within_reach = 2.0;

/// Runs of each, at first and for the leaders.
constexpr std::size_t first_runs = 4;
constexpr std::size_t final_runs = 24;
constexpr std::size_t leaders = 8;

/// A run that has not arrived after so many times the best time is of no interest.
constexpr double patience_factor = 2.5;

/// Gradients that may be spent on simulating one candidate; a run that is longer than this is left
/// to theory, which knows long runs well.
constexpr double affordable = 5e5;

std::size_t runs_for(const Forecast& forecast, std::size_t wanted) {
  constexpr std::size_t fewest = 2;
  if (forecast.gradients <= 0) return wanted;
  const double most = affordable / forecast.gradients;
  return std::clamp(static_cast<std::size_t>(std::min(most, 1e3)), fewest, wanted);
}

bool is_sync(const Forecast& forecast) { return forecast.candidate.policy == "sync"; }

void sort_by_score(std::vector<Forecast>& forecasts, const Goal& goal) {
  std::stable_sort(forecasts.begin(), forecasts.end(), [&](const Forecast& a, const Forecast& b) {
    return score(a, goal) < score(b, goal);
  });
}

std::vector<Forecast> all_by_theory(const QuadraticModel& model, FleetTheory& fleet,
                                    const Goal& goal, const RankingSettings& settings) {
  std::vector<Forecast> forecasts;
  const std::uint32_t workers = fleet.workers();
  for (const VariantPoint& point : candidate_points(workers)) {
    for (const double step : settings.step_sizes) {
      forecasts.push_back(
          forecast_by_theory({policy_text(point, workers), point, step}, model, fleet, goal));
    }
  }
  sort_by_score(forecasts, goal);
  return forecasts;
}

/// Indices of what deserves a simulation: the favourites, and sync at its best step size.
std::vector<std::size_t> chosen(const std::vector<Forecast>& forecasts, const Goal& goal) {
  std::vector<std::size_t> indices;
  const double best = score(forecasts.front(), goal);
  bool sync_seen = false;
  for (std::size_t i = 0; i < forecasts.size(); ++i) {
    const double value = score(forecasts[i], goal);
    const bool favourite =
        indices.size() < shortlist && (!goal.loss || value <= within_reach * best);
    const bool first_sync = is_sync(forecasts[i]) && !sync_seen;
    sync_seen = sync_seen || is_sync(forecasts[i]);
    if (std::isfinite(value) && (favourite || first_sync)) indices.push_back(i);
  }
  return indices;
}

}  // namespace

std::vector<Forecast> rank(const QuadraticModel& model, FleetTheory& fleet, const Goal& goal,
                           const RankingSettings& settings, const Progress& progress) {
  std::vector<Forecast> forecasts = all_by_theory(model, fleet, goal, settings);
  // What the expected loss never reaches, no simulation will reach in a time worth waiting for.
  if (!settings.simulate || !std::isfinite(score(forecasts.front(), goal)) ||
      forecasts.front().gradients > affordable) {
    return forecasts;
  }

  std::vector<Forecast> looked_at;
  for (const std::size_t i : chosen(forecasts, goal)) looked_at.push_back(forecasts[i]);
  // What pilots say holds for points of the line only.
  const auto extra_policies = goal.updates ? std::vector<std::string>{} : settings.extra_policies;
  for (const auto& policy : extra_policies) {
    for (const double step : settings.step_sizes) {
      Forecast extra;
      extra.candidate = {policy, std::nullopt, step};
      looked_at.push_back(extra);
    }
  }
  double best = INFINITY;
  for (std::size_t i = 0; i < looked_at.size() && !progress.stop(); ++i) {
    Forecast& entry = looked_at[i];
    progress.report("simulating candidates",
                    static_cast<double>(i) / static_cast<double>(looked_at.size() + leaders));
    const double patience = is_sync(entry) ? INFINITY : patience_factor * best;
    entry = forecast_by_simulation(entry.candidate, model, fleet, goal, runs_for(entry, first_runs),
                                   patience);
    best = std::min(best, score(entry, goal));
  }
  sort_by_score(looked_at, goal);
  for (std::size_t i = 0; i < looked_at.size() && !progress.stop(); ++i) {
    if (i >= leaders && !is_sync(looked_at[i])) continue;
    if (!std::isfinite(score(looked_at[i], goal))) continue;
    looked_at[i] = forecast_by_simulation(looked_at[i].candidate, model, fleet, goal,
                                          runs_for(looked_at[i], final_runs), INFINITY);
  }
  // What was not simulated follows in theory's order.
  sort_by_score(looked_at, goal);
  for (Forecast& forecast : forecasts) {
    const bool known = std::any_of(looked_at.begin(), looked_at.end(), [&](const Forecast& other) {
      return other.candidate.policy == forecast.candidate.policy &&
             other.candidate.step_size == forecast.candidate.step_size;
    });
    if (!known) looked_at.push_back(std::move(forecast));
  }
  return looked_at;
}

}  // namespace syncline
