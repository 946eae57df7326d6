#pragma once

#include <chrono>
#include <map>
#include <vector>

#include "chaos/fault.hpp"

namespace syncline {

/// How long the server took to notice the faults of one kind.
struct Notices {
  std::vector<double> seconds;   ///< of those that it noticed
  std::uint64_t missed = 0;      ///< over before it noticed
  std::uint64_t unknowable = 0;  ///< the server was gone before it could notice
};

/// Which workers that the server counts on are gone, since when, and when it noticed. Times are as
/// seen from outside: they include the way of the news.
class NoticeBook {
 public:
  using Clock = std::chrono::steady_clock;

  /// A worker with this number was struck.
  void struck(std::uint32_t seat, FaultKind kind, Clock::time_point time) {
    waiting_[seat] = {kind, time};
  }
  /// The server says that it is down.
  void noticed(std::uint32_t seat, Clock::time_point time) {
    const auto found = waiting_.find(seat);
    if (found == waiting_.end()) return;
    const auto& [kind, since] = found->second;
    notices_[kind].seconds.push_back(std::chrono::duration<double>(time - since).count());
    waiting_.erase(found);
  }
  /// The worker goes on.
  void mended(std::uint32_t seat) {
    const auto found = waiting_.find(seat);
    if (found == waiting_.end()) return;
    ++notices_[found->second.kind].missed;
    waiting_.erase(found);
  }
  /// The server is gone, or stands still, and with it what it was to notice.
  void server_gone() {
    for (const auto& [seat, fault] : waiting_) ++notices_[fault.kind].unknowable;
    waiting_.clear();
  }
  [[nodiscard]] const std::map<FaultKind, Notices>& notices() const { return notices_; }

 private:
  struct Waiting {
    FaultKind kind;
    Clock::time_point since;
  };
  std::map<std::uint32_t, Waiting> waiting_;
  std::map<FaultKind, Notices> notices_;
};

}  // namespace syncline
