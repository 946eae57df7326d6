#pragma once

#include <string>

#include "base/launcher.hpp"
#include "syncline/config.hpp"

namespace syncline {

/// Where to listen: `flag` if it is not empty, else what the launcher says
/// (launcher_address()). A name that others reach this machine by may mean something else on it,
/// so unless it is the machine itself that is meant (localhost), all its addresses are listened at.
/// Empty if nobody says anything. Throws ConfigError.
[[nodiscard]] std::string listening_address(const std::string& flag,
                                            const Environment& environment);

/// Has a run that a launcher has started anew go on from the checkpoints of its first start, and
/// says so. Where the configuration already says what to resume, or nothing was written, it stays
/// as it is. Throws ConfigError.
void resume_after_restart(RunConfig& run, const Environment& environment);

}  // namespace syncline
