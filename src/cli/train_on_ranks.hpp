#pragma once

#include <cstdint>

#include "cli/settings_flags.hpp"
#include "syncline/error.hpp"

namespace syncline {

/// `train --fleet mpi`: this process is one rank of an MPI job, the server if it is rank 0, a shard
/// if it is one of the next `shards`, and a worker otherwise. Only the server prints anything but
/// errors. It may end the process.
[[nodiscard]] ExitCode train_on_ranks(const SettingsFlags& flags, std::uint32_t shards, bool json);

}  // namespace syncline
