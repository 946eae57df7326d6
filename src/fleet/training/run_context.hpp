#pragma once

#include <memory>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// What the policy of a run may ask about it. Throws ConfigError.
[[nodiscard]] PolicyContext run_context(const RunConfig& config,
                                        const std::shared_ptr<const FleetTiming>& timing);

}  // namespace syncline
