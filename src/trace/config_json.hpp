#pragma once

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"

namespace syncline {

/// The resolved configuration as it stands in logs, checkpoints and reports, by section and under
/// the keys of the table of options; without what changes no result (threads, file names).
[[nodiscard]] nlohmann::ordered_json to_json(const RunConfig& config);
[[nodiscard]] nlohmann::ordered_json to_json(const RaceConfig& config);
[[nodiscard]] nlohmann::ordered_json to_json(const SimulationConfig& config);

}  // namespace syncline
