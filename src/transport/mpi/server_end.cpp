#include <map>
#include <mutex>

#include "transport/mpi/ends.hpp"
#include "transport/mpi/mpi_loop.hpp"
#include "transport/transport_error.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;

class ServerEnd final : public ServerTransport {
 public:
  explicit ServerEnd(MpiLoop& loop) : loop_(loop), open_(static_cast<std::size_t>(loop.ranks())) {}
  ~ServerEnd() override {
    loop_.land_at(star(), nullptr);
    for (int rank = 0; rank < loop_.ranks(); ++rank) {
      if (loop_.stars().linked(rank)) loop_.post(rank, FrameKind::over);
    }
  }

  void send(Peer peer, OutgoingMessage message) override {
    const std::lock_guard lock(mutex_);
    const int rank = ranks_.at(peer);
    const auto& open = open_[static_cast<std::size_t>(rank)];
    if (!open || open->peer != peer) return;
    loop_.post(rank, FrameKind::message, open->connection, std::move(message));
  }

  void close(Peer peer) override {
    const std::lock_guard lock(mutex_);
    const int rank = ranks_.at(peer);
    auto& open = open_[static_cast<std::size_t>(rank)];
    if (!open || open->peer != peer) return;
    // A rank that is only stopped learns of it when it goes on, and opens another.
    loop_.post(rank, FrameKind::closed, open->connection);
    open.reset();
  }

  std::optional<IncomingMessage> receive(Clock::time_point deadline) override {
    for (;;) {
      if (joined_) {
        auto joined = std::move(joined_);
        joined_.reset();
        return joined;
      }
      const bool deserted = loop_.rank() == 0 && loop_.workers_have_left();
      auto frame = loop_.take(star(), deserted ? Clock::now() : deadline);
      if (!frame && deserted) throw TransportError("no worker is left: all have ended");
      if (!frame) return std::nullopt;
      if (auto message = take(*frame)) return message;
    }
  }

  void land_at(LandingFor landing_for) override {
    if (!landing_for) return loop_.land_at(star(), nullptr);
    loop_.land_at(star(), [this, landing_for = std::move(landing_for)](
                              int rank, std::uint32_t connection, std::size_t length) {
      const auto peer = peer_of(rank, connection);
      return peer ? landing_for(*peer, length) : Landing();
    });
  }

  [[nodiscard]] std::string name(Peer peer) const override {
    const std::lock_guard lock(mutex_);
    return rank_name(ranks_.at(peer));
  }

 private:
  struct Open {
    Peer peer;
    std::uint32_t connection;
  };

  [[nodiscard]] int star() const { return loop_.rank(); }

  /// Nothing if that connection is not open, or the server has not heard of it yet.
  [[nodiscard]] std::optional<Peer> peer_of(int rank, std::uint32_t connection) const {
    const std::lock_guard lock(mutex_);
    const auto& open = open_[static_cast<std::size_t>(rank)];
    if (!open || open->connection != connection) return std::nullopt;
    return open->peer;
  }

  std::optional<IncomingMessage> take(Frame& frame) {
    const std::lock_guard lock(mutex_);
    auto& open = open_[static_cast<std::size_t>(frame.rank)];
    std::optional<Peer> left;
    if (open && ends(frame, *open)) {
      left = open->peer;
      open.reset();
    }
    if (frame.kind == FrameKind::open) {
      const Peer peer = ++last_;
      ranks_[peer] = frame.rank;
      open = Open{peer, frame.connection};
      joined_ = news(Kind::joined, peer, frame);
    }
    if (left) return news(Kind::left, *left, frame);
    if (joined_) {
      auto joined = std::move(joined_);
      joined_.reset();
      return joined;
    }
    if (!open) return std::nullopt;
    if (frame.kind == FrameKind::alive) return news(Kind::alive, open->peer, frame);
    // What is still under way of a connection that was closed is nobody's.
    if (frame.kind != FrameKind::message || frame.connection != open->connection) {
      return std::nullopt;
    }
    auto message = news(Kind::message, open->peer, frame);
    message.bytes = std::move(frame.bytes);
    message.landing = std::move(frame.landing);
    return message;
  }

  static bool ends(const Frame& frame, const Open& open) {
    return frame.kind == FrameKind::open || frame.kind == FrameKind::leave ||
           (frame.kind == FrameKind::closed && frame.connection == open.connection);
  }

  static IncomingMessage news(Kind kind, Peer peer, const Frame& frame) {
    IncomingMessage incoming;
    incoming.kind = kind;
    incoming.peer = peer;
    incoming.time = frame.time;
    return incoming;
  }

  MpiLoop& loop_;
  mutable std::mutex mutex_;               ///< of the next three
  std::vector<std::optional<Open>> open_;  ///< by rank
  std::map<Peer, int> ranks_;              ///< of all that ever were
  Peer last_ = 0;
  std::optional<IncomingMessage> joined_;  ///< to be told next
};

}  // namespace

std::unique_ptr<ServerTransport> make_server_end(MpiLoop& loop) {
  return std::make_unique<ServerEnd>(loop);
}

}  // namespace syncline
