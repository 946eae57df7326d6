#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <utility>  // Boost 1.74 forgets to include it
#include <vector>

#include <boost/asio.hpp>

#include "chaos/message_reader.hpp"
#include "chaos/proxy_link.hpp"

namespace syncline {

/// One direction of a connection through a proxy: reads from one socket, and writes to the other
/// what the link lets through, in order, when its time has come. Kept alive by its owner as long as
/// anything is under way.
class ProxyPipe {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  /// All references must outlive the pipe; `owner` is what keeps it alive.
  ProxyPipe(Socket& from, Socket& to, ProxyLink& link, LinkWay way)
      : from_(from),
        to_(to),
        link_(link),
        way_(way),
        state_(link.state(way == LinkWay::to_server ? 0 : 1)),
        timer_(from.get_executor()) {
    if (link.watch() != nullptr) reader_.emplace(way == LinkWay::to_server);
  }

  void begin(std::shared_ptr<void> owner) { read(std::move(owner)); }
  /// Lets through what may pass now.
  void pump(const std::shared_ptr<void>& owner);
  /// What waits comes as late as what is read now.
  void let_go();

 private:
  using Clock = std::chrono::steady_clock;
  /// Bytes, or none: the end of the connection, or a step.
  struct Piece {
    Clock::time_point due;
    std::vector<std::uint8_t> bytes;
    bool reset = false;                 ///< the end, not by a farewell
    std::optional<std::uint64_t> step;  ///< StepWatch::turn() that waits for it
  };
  /// While so much waits, nothing more is read.
  static constexpr std::size_t most_waiting = std::size_t{4} << 20U;

  void read(std::shared_ptr<void> owner);
  /// When what is read now may pass. Pieces go in order all the same.
  [[nodiscard]] Clock::time_point due() const;
  void take(std::size_t count, const std::shared_ptr<void>& owner);
  void queue(std::size_t from, std::size_t to);
  void end(bool reset, const std::shared_ptr<void>& owner);
  void damage(std::vector<std::uint8_t>& bytes);
  void pass_on_end(const Piece& piece);

  Socket& from_;
  Socket& to_;
  ProxyLink& link_;
  LinkWay way_;
  LinkState& state_;
  std::optional<MessageReader> reader_;
  boost::asio::steady_timer timer_;
  std::array<std::uint8_t, std::size_t{64} << 10U> buffer_ = {};
  std::deque<Piece> pieces_;
  std::size_t waiting_ = 0;
  bool reading_ = false, writing_ = false, ended_ = false, broken_ = false;
};

}  // namespace syncline
