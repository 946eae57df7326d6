#pragma once

#include <string>
#include <string_view>

#include "syncline/fit.hpp"

namespace syncline {

/// Step times from lines `worker,seconds[,censored]`, see docs/fit.md. `where` names the file in
/// messages. Throws DataError with the line.
[[nodiscard]] Timings timings_of_table(std::string_view text, const std::string& where);

/// Step times from an event log, see docs/event-log.md: complete jobs from `grads`, censored ones
/// from `cancelled` and from what was still running at the last update. Throws DataError with the
/// line.
[[nodiscard]] Timings timings_of_log(std::string_view text, const std::string& where);

/// Adds warnings on times that look wrong together: mixed units, a coarse clock.
void check_timings(Timings& timings);

}  // namespace syncline
