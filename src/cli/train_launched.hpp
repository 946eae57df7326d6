#pragma once

#include "cli/run_serve.hpp"
#include "cli/settings_flags.hpp"

namespace syncline {

/// `train --fleet grpc`: this process is one of several that torchrun, srun or mpirun has started,
/// and knows by their variables which: rank 0 does what `serve` does, the others what `work` does.
/// Throws ConfigError where the variables don't say.
[[nodiscard]] ExitCode train_launched(const SettingsFlags& flags, const ServeFlags& serve);

}  // namespace syncline
