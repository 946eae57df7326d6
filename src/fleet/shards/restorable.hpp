#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "fleet/shards/shard_messages.hpp"

namespace syncline {

/// The numbers of a checkpoint as a coordinator sends them. `own`: those of a server as it is made,
/// whose shape they must have where a place is found by it. Throws MalformedMessage.
[[nodiscard]] inline nlohmann::json restorable(const std::string& text, const nlohmann::json& own,
                                               bool keeps_noise) {
  nlohmann::json state = nlohmann::json::parse(text, nullptr, false);
  const auto refuse = [](const std::string& what) {
    throw MalformedMessage("the numbers of a checkpoint make no sense: " + what);
  };
  if (!state.is_object()) refuse("they are no object");
  /// Of the same length as ours at a place that both have.
  const auto alike = [&](const nlohmann::json::json_pointer& place) {
    if (!own.contains(place) || !own.at(place).is_array()) return;
    if (!state.contains(place) || !state.at(place).is_array() ||
        state.at(place).size() != own.at(place).size()) {
      refuse("'" + place.to_string() + "' is of another run");
    }
  };
  using Place = nlohmann::json::json_pointer;
  for (const char* place : {"/merged", "/slots", "/tables"}) alike(Place(place));
  if (own.contains("tables")) {
    for (std::size_t table = 0; table < own["tables"].size(); ++table) {
      alike(Place("/tables/" + std::to_string(table) + "/0"));  // by worker
    }
  }
  // Flags by worker; lists of numbers grow.
  const Place flags("/transform/0");
  if (own.contains(flags) && own.at(flags).is_array() && !own.at(flags).empty() &&
      own.at(flags).at(0).is_boolean()) {
    alike(flags);
  }
  const auto noise = state.find("noise");
  if (!keeps_noise && noise != state.end() && *noise != 0) refuse("there are draws of noise");
  return state;
}

}  // namespace syncline
