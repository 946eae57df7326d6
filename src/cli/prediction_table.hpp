#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// A prediction for people.
[[nodiscard]] std::string prediction_table(const nlohmann::ordered_json& result);

}  // namespace syncline
