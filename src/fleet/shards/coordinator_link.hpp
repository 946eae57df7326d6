#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "fleet/cluster/patience.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// A shard's connection to its coordinator: signs of life both ways, for as long as this lives. Its
/// own come from a pulse, however busy the shard is, and say how far it has come.
class CoordinatorLink {
 public:
  using Seconds = std::chrono::duration<double>;

  /// `transport` must outlive this.
  CoordinatorLink(ServerTransport& transport, Peer peer, Seconds heartbeat)
      : transport_(transport),
        peer_(peer),
        heartbeat_(heartbeat),
        last_(transport.now()),
        looked_(last_),
        pulse_(transport.pulse(heartbeat, [this] {
          transport_.send(peer_, {encode_message(FromShard(ShardBeat{reached_, heard_}))});
        })) {}

  [[nodiscard]] Peer peer() const { return peer_; }

  /// What has come from there. True: it was a sign of life and nothing else.
  bool hear(const IncomingMessage& incoming) {
    last_ = std::max(last_, incoming.time);
    const bool beat = incoming.kind == IncomingMessage::Kind::message && !incoming.bytes.empty() &&
                      incoming.bytes.front() == beat_kind();
    if (!beat) {
      ++heard_;
      return incoming.kind == IncomingMessage::Kind::alive;
    }
    std::span<const std::byte> body;
    reached_ = std::get<CoordinatorBeat>(decode_to_shard(incoming.bytes, body)).number;
    return true;
  }

  /// For how long nothing has come. Time in which this process was stopped does not count.
  [[nodiscard]] Seconds silence() {
    const auto now = transport_.now();
    if (now - looked_ > longest_nap) last_ = std::max(last_, now);
    looked_ = now;
    return now - last_;
  }
  /// Whether it is to be taken for gone if somebody else is there in its place.
  [[nodiscard]] bool silent() { return silence() >= missing_heartbeats * heartbeat_; }
  /// How long to wait for a coordinator that is silent, or does not reply, before it is given up.
  /// Twice what it waits for a shard, so that it is the one to say what is wrong.
  [[nodiscard]] Seconds patience() const { return 2 * longest_patience_with(heartbeat_); }

 private:
  static constexpr std::chrono::seconds longest_nap{2};
  static std::byte beat_kind() {
    static const std::byte kind = encode_message(ToShard(CoordinatorBeat{})).front();
    return kind;
  }

  ServerTransport& transport_;
  Peer peer_;
  Seconds heartbeat_;
  std::chrono::steady_clock::time_point last_, looked_;
  std::atomic<std::uint64_t> reached_{0}, heard_{0};
  std::unique_ptr<Pulse> pulse_;  ///< the last member: it uses the others
};

}  // namespace syncline
