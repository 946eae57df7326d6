#pragma once

#include <functional>
#include <string>

#include "fleet/shards/shard_tokens.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// A server of slices: waits for coordinators, takes part in the run of one after the other, and
/// does what it is told with its slice of every vector. While a coordinator gives signs of life, no
/// other can take its place. `data_folder` replaces the run's, if not empty. `news`: what happens,
/// and who is refused, in words. Returns when `stop` says so, which is asked now and then.
void serve_shard(ServerTransport& transport, const ShardTokens& tokens,
                 const std::string& data_folder,
                 const std::function<void(const std::string&)>& news,
                 const std::function<bool()>& stop);

}  // namespace syncline
