#pragma once

#include <optional>
#include <string>

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// What makes the workers' data differ; empty if nothing does.
[[nodiscard]] std::string data_difference(const ModelConfig& model);

/// What to tell a user whose workers differ in data and in speed, under a policy that takes more
/// gradients from fast workers: it ends at a model that leans to their data. Nothing where all is
/// well.
[[nodiscard]] std::optional<std::string> unlike_data_warning(const RunConfig& config,
                                                             const Requirements& requirements,
                                                             const FleetTiming& timing);

}  // namespace syncline
