#pragma once

#include <string>

#include "fleet/cluster/patience.hpp"
#include "fleet/cluster/same_secret.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "fleet/shards/shard_tokens.hpp"

// Whom a shard takes part with.
namespace syncline {

/// Why a coordinator can't be taken; empty: it can.
[[nodiscard]] inline std::string objection(const ShardHello& hello, const ShardTokens& tokens) {
  if (hello.magic != protocol_magic || hello.version != shard_protocol_version) {
    return "it speaks another version of the protocol: run the same version of Syncline on both";
  }
  if (!same_secret(hello.token, tokens.coordinator.empty() ? tokens.job : tokens.coordinator)) {
    return tokens.coordinator.empty() ? "it has not the token of this job"
                                      : "it has not the token of coordinators";
  }
  if (hello.shard >= hello.shards) return "there is no such shard";
  if (!(hello.heartbeat >= shortest_heartbeat && hello.heartbeat <= longest_heartbeat)) {
    return "its heartbeat makes no sense";
  }
  return "";
}

/// Why a worker can't be taken; empty: it can.
[[nodiscard]] inline std::string objection(const WorkerHello& hello, const ShardTokens& tokens) {
  if (hello.magic != protocol_magic || hello.version != shard_protocol_version) {
    return "it speaks another version of the protocol: run the same version of Syncline on both";
  }
  return same_secret(hello.token, tokens.job) ? "" : "it has not the token of this job";
}

}  // namespace syncline
