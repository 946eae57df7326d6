#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// The document of a plan as text for people.
[[nodiscard]] std::string plan_table(const nlohmann::ordered_json& document, bool colour);

}  // namespace syncline
