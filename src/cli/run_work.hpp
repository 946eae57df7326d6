#pragma once

#include <string>

#include "cli/cluster_flags.hpp"
#include "syncline/error.hpp"

namespace syncline {

struct WorkFlags {
  std::string server, data_folder;
  ClusterFlags cluster;
  double give_up = 300;
  bool quiet = false;  ///< says nothing but errors
};

/// What `work` does: takes part in a run until it is over, or Ctrl-C. Without a server in `flags`
/// it goes where the launcher says.
[[nodiscard]] ExitCode run_work(const WorkFlags& flags);

}  // namespace syncline
