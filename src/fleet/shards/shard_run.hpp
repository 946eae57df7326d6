#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "fleet/shards/shard_inbox.hpp"
#include "fleet/shards/shard_tokens.hpp"
#include "syncline/config.hpp"

namespace syncline {

/// Which shard of whose run.
struct ShardPlace {
  Peer coordinator = 0;
  std::uint64_t incarnation = 0;  ///< of the coordinator
  ShardTokens tokens;
  std::uint32_t shard = 0, shards = 1;
};

/// A shard's part in one run. What comes from the coordinator is done in its order: it is what an
/// unsharded server would do by itself. Orders that can't be done end the run; of others, who sends
/// what makes no sense is refused, and the run goes on.
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
