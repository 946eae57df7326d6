#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// All three take the race document (docs/race.md) and throw DataError, naming the member, where
/// one is missing or of the wrong type. They keep no state: any thread may call them.

/// One self-contained HTML page: no network, opens from disk, under 2 MB. Where the document is
/// too large for that, the curves and the timelines are thinned, and the page says so.
[[nodiscard]] std::string render_report(const nlohmann::ordered_json& document);

/// Writes the page to `file`, replacing an older one in one step: a reader sees the old page or the
/// new one, never half of it. Throws DataError if it can't be written; `file` is then unchanged.
void write_report(const std::filesystem::path& file, const nlohmann::ordered_json& document);

/// The league table for a terminal: one block per step-size setting, verdict below, lines of at
/// most about 110 columns, ends with a newline. `colour`: use ANSI escapes.
[[nodiscard]] std::string render_table(const nlohmann::ordered_json& document, bool colour);

}  // namespace syncline
