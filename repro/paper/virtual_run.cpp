#include "virtual_run.hpp"

#include <cmath>

#include "fleet/virtual/runtimes.hpp"
#include "fleet/virtual/virtual_fleet.hpp"

namespace syncline::repro {

FleetTiming fleet_of(std::uint32_t workers, const std::string& delay) {
  FleetConfig config;
  config.workers = workers;
  config.delay = delay;
  return {config, 0};
}

double run_updates(const std::string& policy, const std::shared_ptr<const FleetTiming>& timing,
                   std::uint64_t seed, std::uint64_t updates,
                   const std::vector<HostObserver*>& observers) {
  const std::uint32_t workers = timing->profile.workers();
  VirtualFleet fleet(Host(make_policy(policy, policy_context(timing, seed)), policy, workers),
                     VirtualClock(timing, seed));
  for (HostObserver* observer : observers) fleet.host().add_observer(observer);
  fleet.begin();
  while (fleet.host().version() < updates) {
    if (!std::isfinite(fleet.next_time())) {
      throw InternalError(policy + ": no job is left after update " +
                          std::to_string(fleet.host().version()));
    }
    fleet.advance();
  }
  return fleet.now();
}

}  // namespace syncline::repro
