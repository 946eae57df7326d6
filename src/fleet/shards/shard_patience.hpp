#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "fleet/cluster/patience.hpp"
#include "fleet/cluster/reply_deadline.hpp"

namespace syncline {

/// How long a worker waits for its shards. For one thing at a time: that they are ready, that all
/// parts of a state are there, that all have their parts of a payload.
class ShardPatience {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Seconds = std::chrono::duration<double>;

  /// Times as long as a message of so many bytes takes on a slow link count for nothing.
  void allow_for(double bytes) { allowance_ = Seconds(bytes / slowest_link); }
  void wait_from(Time time) {
    if (!since_) since_ = time;
  }
  /// What was waited for is there, or is not wanted any more.
  void over(std::optional<Time> came = std::nullopt) {
    if (since_ && came && *came >= *since_) replies_.measured(*came - *since_);
    since_.reset();
  }
  /// For how long nothing of it has come, if that is too long. `moved`: when anything came last.
  [[nodiscard]] std::optional<Seconds> exhausted(Time now, Time moved) const {
    if (!since_) return std::nullopt;
    const Seconds waited = now - std::max(*since_, moved);
    if (waited <= replies_.value() + allowance_) return std::nullopt;
    return waited;
  }

 private:
  static constexpr double slowest_link = 1e6;  ///< bytes per second

  ReplyDeadline replies_{shortest_patience, longest_patience};
  Seconds allowance_{0};
  std::optional<Time> since_;
};

}  // namespace syncline
