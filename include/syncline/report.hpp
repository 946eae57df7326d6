#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// All of these throw DataError, naming the member, where a document lacks one or has it of the
/// wrong type. They keep no state: any thread may call them.

/// One self-contained HTML page: no network, opens from disk, under 2 MB. `document` is a race or a
/// run (docs/race.md), a plan (docs/plan.md) or a fit (docs/fit.md). Where it is too large for
/// that, the curves and the timelines are thinned, and the page says so.
[[nodiscard]] std::string render_report(const nlohmann::ordered_json& document);

/// Writes the page to `file`, replacing an older one in one step: a reader sees the old page or the
/// new one, never half of it. Throws DataError if it can't be written; `file` is then unchanged.
void write_report(const std::filesystem::path& file, const nlohmann::ordered_json& document);

/// The race, or run, with the plan in its member "plan": its page shows what was predicted beside
/// what was measured. Throws DataError where the two are of fleets of different size or aim at
/// different targets.
[[nodiscard]] nlohmann::ordered_json with_plan(nlohmann::ordered_json race,
                                               nlohmann::ordered_json plan);

/// The league table of a race or a run for a terminal: one block per step-size setting, verdict
/// below, lines of at most about 110 columns, ends with a newline. `colour`: use ANSI escapes.
[[nodiscard]] std::string render_table(const nlohmann::ordered_json& document, bool colour);

}  // namespace syncline
