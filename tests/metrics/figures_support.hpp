#pragma once

#include <cmath>
#include <memory>
#include <string>

#include "fleet/virtual/virtual_fleet.hpp"
#include "syncline/policy.hpp"
#include "trace/live_figures.hpp"
#include "trace/run_statistics.hpp"

namespace syncline::testing {

/// A run in virtual time with workers that die and return, watched in two ways.
struct WatchedRun {
  static FleetConfig churn(std::uint32_t workers) {
    FleetConfig fleet;
    fleet.workers = workers;
    fleet.delay = "exponential(rate=1)";
    fleet.lifetime = "exponential(rate=0.05)";
    fleet.absence = "exponential(rate=0.5)";
    return fleet;
  }
  static Host host_of(const std::string& policy, std::uint32_t workers) {
    PolicyContext context;
    context.workers = workers;
    return Host(make_policy(policy, context), policy, workers);
  }

  WatchedRun(const std::string& policy, std::uint32_t workers, std::uint64_t seed)
      : WatchedRun(policy, churn(workers), seed) {}
  WatchedRun(const std::string& policy, const FleetConfig& config, std::uint64_t seed)
      : fleet(host_of(policy, config.workers),
              VirtualClock(std::make_shared<const FleetTiming>(config, 1.0), seed)),
        figures(fleet.host(), "virtual", false),
        statistics(config.workers, 0, true) {
    fleet.host().add_observer(&figures);
    fleet.host().add_observer(&statistics);
  }

  /// Whether there was something to do.
  bool advance() {
    if (fleet.host().finished() || !std::isfinite(fleet.next_time())) return false;
    fleet.advance();
    return true;
  }

  VirtualFleet fleet;
  LiveFigures figures;
  RunStatistics statistics;
};

}  // namespace syncline::testing
