#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plan/fleet_source.hpp"

namespace syncline {

/// Throws ConfigError for a policy that is wrong or needs gradients.
void check_replayed(const std::string& policy, const PlannedFleet& fleet);

/// What would have happened under other policies: each is replayed on the recorded jobs, until as
/// many gradients have been applied as were recorded. An array with, for each policy, the time that
/// takes, updates, staleness, idle and cancelled shares, and the share of its jobs that were
/// recorded (the others are drawn from the fitted laws).
/// REQUIRES: fleet.timings and fleet.fit; policies that check_replayed lets through.
[[nodiscard]] nlohmann::ordered_json what_if(const std::vector<std::string>& policies,
                                             const PlannedFleet& fleet, std::uint64_t seed);

}  // namespace syncline
