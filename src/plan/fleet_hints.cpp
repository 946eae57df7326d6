#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/advice.hpp"
#include "plan/fleet_only.hpp"
#include "plan/words.hpp"

namespace syncline {
namespace {

/// A change of the fleet is proposed if it saves more than this share of the time.
constexpr double worth_saying = 0.05;

/// Slow workers are kept if the target takes so many times longer without them.
constexpr double worth_keeping = 1.02;

/// Slowest workers that are tried without.
constexpr std::size_t most_removed = 3;

/// The link is called the limit from this load on.
constexpr double busy_link = 0.7;
constexpr std::uint64_t most_shards = 64;

/// The best score on another fleet, at the same step sizes.
double best_score(const QuadraticModel& model, const FleetConfig& fleet, double bytes,
                  const Goal& goal, RankingSettings settings, const Progress& progress) {
  settings.extra_policies.clear();
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet, bytes));
  const auto ranked = rank(model, theory, goal, settings, progress);
  return score(ranked.front(), goal);
}

/// Workers by mean time, slowest first.
std::vector<std::uint32_t> slowest_first(const DelayProfile& profile) {
  std::vector<std::uint32_t> order(profile.workers());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return profile.law(a).mean() > profile.law(b).mean();
  });
  return order;
}

FleetConfig without(const FleetConfig& fleet, const DelayProfile& profile,
                    std::vector<std::uint32_t> removed) {
  FleetConfig rest = fleet;
  rest.workers = profile.workers() - static_cast<std::uint32_t>(removed.size());
  rest.delay.clear();
  for (std::uint32_t worker = 0; worker < profile.workers(); ++worker) {
    if (std::find(removed.begin(), removed.end(), worker) != removed.end()) continue;
    rest.delay += (rest.delay.empty() ? "1*" : ",1*") + profile.law(worker).text();
  }
  return rest;
}

FleetConfig split(FleetConfig fleet, std::uint64_t shards) {
  fleet.server_bandwidth *= static_cast<double>(shards);
  return fleet;
}

std::string mean_in_words(const DelayProfile& profile, const std::vector<std::uint32_t>& workers) {
  const double mean = profile.law(workers.back()).mean();
  return std::isfinite(mean) ? words("a mean of %.3g", mean) : "times without a finite mean";
}

/// Slow workers: their mean is well above that of the next faster one.
std::vector<std::uint32_t> clearly_slow(const DelayProfile& profile) {
  constexpr double clearly = 1.5;
  const auto order = slowest_first(profile);
  for (std::size_t n = std::min(most_removed, order.size() - 1); n > 0; --n) {
    if (profile.law(order[n - 1]).mean() > clearly * profile.law(order[n]).mean()) {
      return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n)};
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> fleet_hints(const Forecast& choice, const QuadraticModel& model,
                                     const FleetConfig& fleet, double message_bytes,
                                     const Goal& goal, const RankingSettings& settings,
                                     const Progress& progress) {
  std::vector<std::string> hints;
  // By theory on both sides: in simulated times the few per cent that matter would be chance.
  RankingSettings theory = settings;
  theory.simulate = false;
  const auto best = [&](const FleetConfig& machines) {
    return best_score(model, machines, message_bytes, goal, theory, progress);
  };
  if (choice.link_load >= busy_link) {
    std::string hint = words(
        "The server link is your limit, not the stragglers: it is busy %.0f "
        "%% of the time.",
        100 * choice.link_load);
    if (goal.loss) {
      const double now = best(fleet);
      double before = now;
      std::uint64_t shards = 1;
      while (shards < most_shards) {
        const double after = best(split(fleet, 2 * shards));
        if (after > (1 - worth_saying) * before) break;
        before = after;
        shards *= 2;
      }
      if (shards > 1) {
        hint += words(" With %.0f shards the target takes %.4g instead of %.4g, by theory.",
                      static_cast<double>(shards), before, now);
      }
    }
    hints.push_back(hint);
  }
  if (!goal.loss) return hints;
  const DelayProfile profile = DelayProfile::parse(fleet.delay, fleet.workers);
  if (profile.workers() < 3 || profile.groups().size() == 1) return hints;
  const auto removed = clearly_slow(profile);
  if (removed.empty()) return hints;
  const double with = best(fleet);
  const double after = best(without(fleet, profile, removed));
  if (after > worth_keeping * with) return hints;
  std::string names;
  for (const auto worker : removed) names += (names.empty() ? "" : ", ") + std::to_string(worker);
  hints.push_back(
      std::string("Remove worker") + (removed.size() > 1 ? "s " : " ") + names +
      ": far slower than the others, with " + mean_in_words(profile, removed) +
      words(" for a gradient. Without it the target takes %.4g instead of %.4g.", after, with));
  return hints;
}

std::vector<std::string> link_hints(const FleetConfig& fleet, double message_bytes) {
  const auto least_load = [&](std::uint64_t shards) {
    FleetTheory theory(std::make_shared<const FleetTiming>(split(fleet, shards), message_bytes));
    double least = 1;
    for (const Forecast& point : view_of(theory, 0).points) {
      least = std::min(least, point.link_load);
    }
    return least;
  };
  const double load = least_load(1);
  if (load < busy_link) return {};
  std::uint64_t shards = 2;
  while (shards < most_shards && least_load(shards) >= busy_link) shards *= 2;
  return {
      words("The server link is your limit, not the stragglers: under every policy it is busy "
            "%.0f %% of the time or more. It takes %.0f shards before another choice of policy "
            "matters.",
            100 * load, static_cast<double>(shards))};
}

}  // namespace syncline
