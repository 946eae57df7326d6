#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// Reads an event log of a run (docs/event-log.md) and derives the document that `syncline report`
/// shows. A log cut short by a crash is read to its last whole record. Logs of simulations have no
/// curves. Throws DataError with path and line.
[[nodiscard]] nlohmann::ordered_json document_from_log(const std::filesystem::path& path);

}  // namespace syncline
