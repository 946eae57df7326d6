#pragma once

#include <string>
#include <vector>

#include "syncline/error.hpp"

namespace syncline {

/// The whole program behind main: `words` is the command line, program name first.
/// Throws Error for whatever the user can mend.
[[nodiscard]] ExitCode run_program(const std::vector<std::string>& words);

/// The command line as a shell would take it again, program name shortened to `syncline`.
[[nodiscard]] std::string command_line();

}  // namespace syncline
