#pragma once

#include <string>

#include "cli/cluster_flags.hpp"
#include "fleet/cluster/patience.hpp"
#include "syncline/error.hpp"
#include "syncline/options.hpp"

namespace syncline {

struct ServeFlags {
  std::string listen;
  ClusterFlags cluster;
  std::vector<std::string> shards;     ///< where they listen; empty: there are none
  std::string coordinator_token_file;  ///< with what they are shown; empty: the token of the job
  double heartbeat = usual_heartbeat;  ///< seconds between the workers' signs of life
  /// Seconds at the end of the run, for workers that have not been there yet but are sure to come.
  double wait_for_late = 0;
  bool json = false;
};

/// What `serve` does: trains on workers that connect. `settings` must be those of check_serve().
[[nodiscard]] ExitCode run_serve(const Settings& settings, const ServeFlags& flags);

/// The settings of a run over gRPC, checked. Throws ConfigError.
[[nodiscard]] Settings check_serve(Settings settings);

}  // namespace syncline
