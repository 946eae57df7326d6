#pragma once

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// Runs a policy on the virtual fleet without gradients and returns the object that
/// `syncline simulate --json` prints (docs/simulate.md lists its keys). An interrupted simulation
/// returns what it has, with `"interrupted": true`.
/// Throws ConfigError, or DataError where a log can't be written or service times run out.
[[nodiscard]] nlohmann::ordered_json simulate(const SimulationConfig& config,
                                              const Progress& progress);

}  // namespace syncline
