#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/host.hpp"

namespace syncline::repro {

/// A fleet of equal workers without communication.
[[nodiscard]] FleetTiming fleet_of(std::uint32_t workers, const std::string& delay);

/// Runs a policy from a cold start, without gradients, until it has made so many updates; returns
/// the time of the last one. For what simulate() leaves out: the first updates themselves, or what
/// observers see. Throws InternalError if the workers run out of jobs before.
double run_updates(const std::string& policy, const std::shared_ptr<const FleetTiming>& timing,
                   std::uint64_t seed, std::uint64_t updates,
                   const std::vector<HostObserver*>& observers = {});

}  // namespace syncline::repro
