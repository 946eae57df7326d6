#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// The result of a simulation for people.
[[nodiscard]] std::string simulation_table(const nlohmann::ordered_json& result);

}  // namespace syncline
