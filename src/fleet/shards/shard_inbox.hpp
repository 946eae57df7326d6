#pragma once

#include <bit>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "fleet/shards/coordinator_link.hpp"
#include "fleet/shards/shard_messages.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// The coordinator of a shard is gone, or has been replaced: the run is over here.
struct CoordinatorGone {};

/// What comes to a shard. Whoever waits for its coordinator leaves what others say for later.
class ShardInbox {
 public:
  using News = std::function<void(const std::string&)>;

  /// `news`: told who is refused and why, in words.
  ShardInbox(ServerTransport& transport, std::function<bool()> stop, News news)
      : transport_(transport), stop_(std::move(stop)), news_(std::move(news)) {}

  [[nodiscard]] ServerTransport& transport() { return transport_; }
  [[nodiscard]] bool stopped() const { return stop_(); }

  /// From here on this peer is the coordinator, which gets signs of life.
  void begin(Peer coordinator, std::chrono::duration<double> heartbeat) {
    transport_.admit(coordinator);
    link_.emplace(transport_, coordinator, heartbeat);
  }
  /// There is none any more.
  void end() {
    // Nor does what it has said before make sense to the next.
    if (link_) {
      std::erase_if(later_, [&](const auto& message) { return message.peer == link_->peer(); });
    }
    link_.reset();
  }
  [[nodiscard]] bool is_coordinator(Peer peer) const { return link_ && link_->peer() == peer; }
  /// Whether nothing has come of it for three heartbeats. REQUIRES: there is one.
  [[nodiscard]] bool coordinator_silent() { return link_->silent(); }

  /// The next message or news; nullopt if nothing comes for a while. Throws CoordinatorGone if the
  /// coordinator has been silent for too long.
  std::optional<IncomingMessage> next() {
    if (later_.empty()) return receive();
    std::optional<IncomingMessage> message = std::move(later_.front());
    later_.pop_front();
    return message;
  }
  /// The first message of this kind that the coordinator sends from now on; `body` gets what
  /// follows its fields, and lives as long as `bytes`. What it has ordered before, and what others
  /// say, is left for later. Throws CoordinatorGone if it leaves or falls silent, or if the shard
  /// is to stop, and DataError if it is alive and the message does not come.
  template <class Message>
  Message wait_for(std::vector<std::byte>& bytes, std::span<const std::byte>& body) {
    const auto begin = transport_.now();
    for (;;) {
      if (stop_()) throw CoordinatorGone();
      if (transport_.now() - begin > link_->patience()) {
        throw DataError("the coordinator has signs of life, but has not replied for " +
                        std::to_string(static_cast<long>(link_->patience().count())) + " s");
      }
      auto incoming = receive();
      if (!incoming) continue;
      if (is_coordinator(incoming->peer)) {
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
  /// Counts it, says so, and ends the connection; what still comes from there is not looked at.
  void refuse(Peer peer, const std::string& count_as, const std::string& reason,
              bool try_again = false) {
    note_refusal(transport_.name(peer), count_as, reason);
    send(peer, ShardRefusal{reason, try_again});
    close(peer);
  }
  void close(Peer peer) {
    closed_.insert(peer);
    transport_.close(peer);
  }

 private:
  static constexpr std::chrono::milliseconds patience{100};

  void note_refusal(const std::string& who, const std::string& count_as,
                    const std::string& reason) {
    const std::uint64_t count = ++refused_[count_as];
    // Whoever knocks all the time does not fill the screen.
    if (!std::has_single_bit(count)) return;
    news_("refused " + who + ": " + reason +
          (count > 1 ? " (" + count_as + ", " + std::to_string(count) + " times)" : ""));
  }

  /// Signs of life of the coordinator are taken in passing, wherever the shard waits.
  std::optional<IncomingMessage> receive() {
    auto incoming = transport_.receive(transport_.now() + patience);
    const bool only_alive = incoming && is_coordinator(incoming->peer) && link_->hear(*incoming);
    if (link_ && link_->silence() > link_->patience()) {
      close(link_->peer());
      throw CoordinatorGone();
    }
    if (!incoming || only_alive) return std::nullopt;
    if (incoming->kind == IncomingMessage::Kind::refused) {
      note_refusal("somebody", incoming->fault.kind, incoming->fault.text);
      return std::nullopt;
    }
    if (incoming->kind == IncomingMessage::Kind::left) {
      const Fault& fault = incoming->fault;
      if (!fault.kind.empty()) {
        note_refusal(transport_.name(incoming->peer), fault.kind, fault.text);
      }
      if (closed_.erase(incoming->peer) > 0 && !is_coordinator(incoming->peer)) return std::nullopt;
    } else if (closed_.contains(incoming->peer)) {
      return std::nullopt;
    }
    return incoming;
  }

  ServerTransport& transport_;
  std::function<bool()> stop_;
  News news_;
  std::deque<IncomingMessage> later_;
  std::set<Peer> closed_;  ///< of whom something may still come
  std::map<std::string, std::uint64_t> refused_;
  std::optional<CoordinatorLink> link_;
};

}  // namespace syncline
