#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Something that has happened to a host from outside; a run is the sequence of these.
struct FleetEvent {
  enum class Kind { arrival, progress, timer, down, up };
  Kind kind = Kind::arrival;
  double time = 0;
  std::uint32_t index = 0;  ///< worker or timer
  std::uint32_t steps = 0;  ///< arrival of a job that was stopped: what it has done
  bool stopped = false;     ///< arrival: of such a job
};

/// A record of the event log (docs/event-log.md).
[[nodiscard]] nlohmann::ordered_json to_json(const FleetEvent& event);

/// The event that a record of the log tells; nothing for records of other kinds. Throws
/// nlohmann::json::exception if a field is missing.
[[nodiscard]] std::optional<FleetEvent> read_event(const nlohmann::ordered_json& record);

/// The events that the log of a run on a real fleet holds, in order. Throws DataError if there are
/// none, or with path and line if a record is wrong.
[[nodiscard]] std::vector<FleetEvent> read_events(const std::filesystem::path& log);

}  // namespace syncline
