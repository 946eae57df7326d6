#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>

#include "fleet/shards/shard_messages.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// The coordinator of a shard is gone, or has been replaced: the run is over here.
struct CoordinatorGone {};

/// What comes to a shard. Whoever waits for its coordinator leaves what others say for later.
class ShardInbox {
 public:
  ShardInbox(ServerTransport& transport, std::function<bool()> stop)
      : transport_(transport), stop_(std::move(stop)) {}

  [[nodiscard]] ServerTransport& transport() { return transport_; }
  [[nodiscard]] bool stopped() const { return stop_(); }

  /// The next message or news; nullopt if nothing comes for a while.
  std::optional<IncomingMessage> next() {
    if (later_.empty()) return transport_.receive(transport_.now() + patience);
    std::optional<IncomingMessage> message = std::move(later_.front());
    later_.pop_front();
    return message;
  }
  /// The first message of this kind that the coordinator sends from now on; `body` gets what
  /// follows its fields, and lives as long as `bytes`. What it has ordered before, and what others
  /// say, is left for later. Throws CoordinatorGone if it leaves, or if the shard is to stop.
  template <class Message>
  Message wait_for(Peer coordinator, std::vector<std::byte>& bytes,
                   std::span<const std::byte>& body) {
    for (;;) {
      if (stop_()) throw CoordinatorGone();
      auto incoming = transport_.receive(transport_.now() + patience);
      if (!incoming) continue;
      if (incoming->peer == coordinator) {
        if (incoming->kind == IncomingMessage::Kind::left) throw CoordinatorGone();
        if (incoming->kind == IncomingMessage::Kind::message) {
          const ToShard says = decode_to_shard(incoming->bytes, body);
          if (const auto* message = std::get_if<Message>(&says)) {
            bytes = std::move(incoming->bytes);
            return *message;
          }
        }
      }
      later_.push_back(std::move(*incoming));
    }
  }
  /// To be taken by next() first.
  void put_back(IncomingMessage message) { later_.push_front(std::move(message)); }

  void send(Peer peer, FromShard says) { transport_.send(peer, {encode_message(std::move(says))}); }
  void refuse(Peer peer, const std::string& reason) {
    send(peer, ShardRefusal{reason});
    transport_.close(peer);
  }

 private:
  static constexpr std::chrono::milliseconds patience{100};

  ServerTransport& transport_;
  std::function<bool()> stop_;
  std::deque<IncomingMessage> later_;
};

}  // namespace syncline
