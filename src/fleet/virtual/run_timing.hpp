#pragma once

#include <memory>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// How long everything takes in a training run: messages are as long as its policy's payloads are,
/// coded as configured, and bad workers are as fast as their attack makes them. Throws ConfigError.
template <class Real>
[[nodiscard]] std::shared_ptr<const FleetTiming> run_timing(const RunConfig& config,
                                                            const Workload<Real>& workload);

}  // namespace syncline
