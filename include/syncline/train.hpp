#pragma once

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// Trains one run on the virtual fleet and returns its result (docs/train.md lists the keys; the
/// member "outcome" is one of finished, target, diverged, interrupted; "target_reached" is a bool).
/// Writes config.log, config.checkpoint and config.save_model where set.
[[nodiscard]] nlohmann::ordered_json train(const RunConfig& config, const Progress& progress);

}  // namespace syncline
