#pragma once

#include <string>

#include "cli/cluster_flags.hpp"
#include "syncline/error.hpp"

namespace syncline {

struct WorkFlags {
  std::string server, data_folder;
  ClusterFlags cluster;
  double give_up = 300;
};

/// What `work` does: takes part in a run until it is over, or Ctrl-C.
[[nodiscard]] ExitCode run_work(const WorkFlags& flags);

}  // namespace syncline
