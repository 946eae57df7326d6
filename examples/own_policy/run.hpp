#pragma once

#include <memory>

#include "fleet/virtual/virtual_fleet.hpp"
#include "trace/run_statistics.hpp"

/// What the example looks at.
struct Outcome {
  syncline::Account account;
  double elapsed = 0;
  double staleness = 0;  ///< mean of the applied gradients
  std::uint64_t largest_staleness = 0;
};

/// Runs a policy in virtual time, without gradients, on 8 workers of which 2 are ten times slower.
inline Outcome run(const syncline::Policy& policy, std::uint64_t updates) {
  const syncline::FleetConfig machines = {.workers = 8,
                                          .delay = "6*exponential(rate=1),2*exponential(rate=0.1)"};
  const auto timing = std::make_shared<const syncline::FleetTiming>(machines, 0);
  syncline::RunStatistics statistics(machines.workers, updates, true);
  syncline::VirtualFleet fleet(syncline::Host(policy.clone(), "bounded-async", machines.workers),
                               syncline::VirtualClock(timing, /*seed=*/1));
  fleet.host().add_observer(&statistics);
  fleet.begin();
  while (fleet.host().version() < updates) fleet.advance();
  return {fleet.host().account(), fleet.now(), statistics.staleness().mean(),
          statistics.staleness().largest()};
}
