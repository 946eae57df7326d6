#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

namespace syncline {

/// A connection to a worker, as the server's transport numbers it; no number is used twice.
using Peer = std::uint64_t;

/// Memory that the last bytes of a message are written to, and who keeps it.
struct Landing {
  std::shared_ptr<void> owner = nullptr;
  std::span<std::byte> bytes = {};
};

/// Asked about a message of so many bytes by that peer (a worker's end says 0) before it is
/// received; gives a landing that is no longer than it, or an empty one. From any thread; must not
/// call the transport.
using LandingFor = std::function<Landing(Peer, std::size_t)>;

/// The landings of one end, shared with whoever receives for it.
class Landings {
 public:
  /// Once this returns, no call of what was set before lasts.
  void set(LandingFor landing_for) {
    const std::lock_guard lock(mutex_);
    landing_for_ = std::move(landing_for);
  }
  [[nodiscard]] Landing ask(Peer peer, std::size_t length) const {
    const std::lock_guard lock(mutex_);
    return landing_for_ ? landing_for_(peer, length) : Landing();
  }

 private:
  mutable std::mutex mutex_;
  LandingFor landing_for_;
};

}  // namespace syncline
