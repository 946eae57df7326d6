#include "plan/ranking.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

/// Theory's favourites that are simulated; its times per update may err by a third (K-async on few
/// workers), so what it puts within this factor of the best is looked at too.
constexpr std::size_t shortlist = 24;
constexpr std::size_t fewest_arrivals = 4;
constexpr std::size_t longest_list = 96;
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

/// Simulates theory's favourites, best first, and plain sync at its best step size. Where theory is
/// wrong about them, as behind a full link, it goes on until some arrive.
std::vector<Forecast> simulate_favourites(const std::vector<Forecast>& forecasts,
                                          const QuadraticModel& model, FleetTheory& fleet,
                                          const Goal& goal, const Progress& progress) {
  std::vector<Forecast> looked_at;
  const double best_by_theory = score(forecasts.front(), goal);
  double best = INFINITY;
  std::size_t arrived = 0;
  bool sync_seen = false;
  for (const Forecast& forecast : forecasts) {
    const double expected = score(forecast, goal);
    if (!std::isfinite(expected) || progress.stop()) break;
    const bool within = !goal.loss || expected <= within_reach * best_by_theory;
    const bool enough = looked_at.size() >= shortlist || !within;
    const bool favourite =
        !enough || (arrived < fewest_arrivals && looked_at.size() < longest_list);
    const bool first_sync = is_sync(forecast) && !sync_seen;
    sync_seen = sync_seen || is_sync(forecast);
    if (!favourite && !first_sync) continue;
    progress.report("simulating candidates",
                    std::min(1.0, static_cast<double>(looked_at.size()) / (2.0 * shortlist)));
    const double patience = first_sync ? INFINITY : patience_factor * best;
    looked_at.push_back(forecast_by_simulation(forecast.candidate, model, fleet, goal,
                                               runs_for(forecast, first_runs), patience));
    const double value = score(looked_at.back(), goal);
    if (std::isfinite(value)) ++arrived;
    best = std::min(best, value);
  }
  return looked_at;
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

  std::vector<Forecast> looked_at = simulate_favourites(forecasts, model, fleet, goal, progress);
  double best = INFINITY;
  for (const Forecast& forecast : looked_at) best = std::min(best, score(forecast, goal));
  // What pilots say holds for points of the line only.
  const auto extra_policies = goal.updates ? std::vector<std::string>{} : settings.extra_policies;
  for (const auto& policy : extra_policies) {
    for (const double step : settings.step_sizes) {
      if (progress.stop()) break;
      looked_at.push_back(forecast_by_simulation({policy, std::nullopt, step}, model, fleet, goal,
                                                 first_runs, patience_factor * best));
      best = std::min(best, score(looked_at.back(), goal));
    }
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
