#pragma once

#include "cli/settings_flags.hpp"
#include "syncline/error.hpp"

namespace syncline {

/// `train --fleet mpi`: this process is one rank of an MPI job, the server if it is rank 0, and a
/// worker otherwise, which prints nothing but errors. It may end the process.
[[nodiscard]] ExitCode train_on_ranks(const SettingsFlags& flags, bool json);

}  // namespace syncline
