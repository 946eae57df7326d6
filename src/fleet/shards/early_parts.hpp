#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "fleet/shards/shard_messages.hpp"
#include "transport/landings.hpp"

namespace syncline {

/// A part of a payload, as it has come.
struct ArrivedPart {
  PayloadPart says;
  std::span<const std::byte> body;  ///< lies in `bytes`
  std::vector<std::byte> bytes;
};

/// Parts of payloads of jobs that have yet to begin at a shard: the order that begins one comes by
/// another way than what comes of it, and may be overtaken. One for each peer is enough. As long as
/// a shard has not said that it has a worker's part, the coordinator gets no result of it, and
/// gives it no other job but in place of this one.
class EarlyParts {
 public:
  /// The job of the part of that peer that this one takes the place of, if there is one.
  std::optional<std::uint64_t> keep(Peer peer, ArrivedPart&& part) {
    const auto before = take(peer);
    parts_.emplace(peer, std::move(part));
    return before ? std::optional(before->says.job) : std::nullopt;
  }
  std::optional<ArrivedPart> take(Peer peer) {
    auto found = parts_.extract(peer);
    return found ? std::optional(std::move(found.mapped())) : std::nullopt;
  }
  void drop(Peer peer) { parts_.erase(peer); }

 private:
  std::map<Peer, ArrivedPart> parts_;
};

}  // namespace syncline
