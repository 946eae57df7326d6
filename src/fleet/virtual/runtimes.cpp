#include "fleet/virtual/runtimes.hpp"

#include <algorithm>
#include <cmath>

#include "fleet/virtual/virtual_fleet.hpp"
#include "syncline/error.hpp"
#include "trace/run_statistics.hpp"

namespace syncline {
namespace {

constexpr std::uint64_t gradients_per_k = 20000;
constexpr std::uint64_t fewest_updates = 200;

double simulated_runtime(const std::shared_ptr<const FleetTiming>& timing, std::uint64_t seed,
                         const std::string& policy_text, std::uint64_t updates) {
  const std::uint32_t workers = timing->profile.workers();
  PolicyContext context;
  context.workers = workers;
  VirtualFleet fleet(Host(make_policy(policy_text, context), policy_text, workers),
                     VirtualClock(timing, seed));
  RunStatistics statistics(workers, updates, false);
  fleet.host().add_observer(&statistics);
  fleet.begin();
  while (fleet.host().version() < updates) {
    if (!std::isfinite(fleet.next_time())) {
      throw ConfigError("the mean runtime of '" + policy_text +
                        "' can't be found: the given service times are too few");
    }
    fleet.advance();
  }
  return statistics.runtime_per_update();
}

}  // namespace

std::vector<double> simulated_runtimes(const std::shared_ptr<const FleetTiming>& timing,
                                       std::uint64_t seed, const std::string& variant,
                                       std::uint64_t k_max) {
  for (const auto& [count, law] : timing->profile.groups()) {
    if (std::isfinite(law->mean())) continue;
    throw ConfigError("mean runtimes are needed, and '" + law->text() + "' has an infinite mean");
  }
  std::vector<double> runtimes;
  for (std::uint64_t k = 1; k <= k_max; ++k) {
    // Long enough that the start-up, 30 gradients a worker, is at most half.
    const std::uint64_t gradients =
        std::max<std::uint64_t>(gradients_per_k, 90ULL * timing->profile.workers());
    runtimes.push_back(simulated_runtime(timing, seed, variant + "(k=" + std::to_string(k) + ")",
                                         std::max(fewest_updates, gradients / k)));
  }
  return runtimes;
}

bool shrinks(const FleetConfig& fleet) {
  if (fleet.on_shortage == "shrink") return true;
  if (fleet.on_shortage == "wait") return false;
  throw ConfigError("fleet.on_shortage must be wait or shrink, not '" + fleet.on_shortage + "'");
}

PolicyContext policy_context(const std::shared_ptr<const FleetTiming>& timing, std::uint64_t seed) {
  PolicyContext context;
  context.workers = timing->profile.workers();
  context.runtimes = [timing, seed](const std::string& variant, std::uint64_t k_max) {
    return simulated_runtimes(timing, seed, variant, k_max);
  };
  return context;
}

}  // namespace syncline
