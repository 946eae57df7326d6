#pragma once

#include <nlohmann/json.hpp>

#include "chaos/drill_verdict.hpp"
#include "syncline/options.hpp"

namespace syncline {

/// What a drill found, with its verdict (docs/chaos.md); the command is left empty.
[[nodiscard]] nlohmann::ordered_json drill_document(const Settings& job,
                                                    const DrillEvidence& evidence);

}  // namespace syncline
