#pragma once

#include <memory>

#include <nlohmann/json_fwd.hpp>

#include "fleet/training/make_run_fleet.hpp"
#include "syncline/config.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// What train() does, with workers at the other end of a transport: all of them are absent at
/// first, and join, go and come back as they like.
[[nodiscard]] nlohmann::ordered_json train_over(const RunConfig& config, WayToWorkers way,
                                                const Progress& progress);

}  // namespace syncline
