#pragma once

#include <string>

namespace syncline {

/// What must be shown to a shard; empty: nothing.
struct ShardTokens {
  std::string job = {};          ///< by workers
  std::string coordinator = {};  ///< by coordinators, which no worker has; empty: that of the job
};

}  // namespace syncline
