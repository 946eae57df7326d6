#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fleet/shards/shard_inbox.hpp"
#include "syncline/config.hpp"

namespace syncline {

/// Which shard of whose run.
struct ShardPlace {
  Peer coordinator = 0;
  std::uint64_t incarnation = 0;  ///< of the coordinator
  std::string token;              ///< that workers must show
  std::uint32_t shard = 0, shards = 1;
};

/// A shard's part in one run. Everything from the coordinator is trusted in its order: it is what
/// an unsharded server would do by itself. What workers send is hostile until checked.
class ShardRun {
 public:
  virtual ~ShardRun() = default;
  /// Until the coordinator is gone: throws CoordinatorGone, or an Error that ends the run.
  virtual void serve() = 0;
};

/// Loads the model (may take long) and tells the coordinator that the shard is ready. Throws
/// ConfigError and DataError. `inbox` must outlive the run.
template <class Real>
[[nodiscard]] std::unique_ptr<ShardRun> make_shard_run(ShardInbox& inbox, const ShardPlace& place,
                                                       const RunConfig& config);

}  // namespace syncline
