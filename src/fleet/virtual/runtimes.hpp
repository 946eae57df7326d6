#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// E[T(K)] of a K-variant on a fleet for K = 1..k_max, simulated on common random numbers, so that
/// differences in K are smooth. About 20,000 gradients for each K, start-up left out.
[[nodiscard]] std::vector<double> simulated_runtimes(
    const std::shared_ptr<const FleetTiming>& timing, std::uint64_t seed,
    const std::string& variant, std::uint64_t k_max);

/// What fleet.on_shortage says. Throws ConfigError if it is neither wait nor shrink.
[[nodiscard]] bool shrinks(const FleetConfig& fleet);

/// The context in which policies for this fleet are made.
[[nodiscard]] PolicyContext policy_context(const std::shared_ptr<const FleetTiming>& timing,
                                           std::uint64_t seed);

}  // namespace syncline
