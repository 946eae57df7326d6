#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace syncline {

/// A clock that stands still while anything happens, and what is to happen by it, in one thread.
/// Of two things at the same time the one that was asked for first happens first.
class SimulatedTime {
 public:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] Time now() const { return now_; }
  /// `when` in the past means at once.
  void at(Time when, std::function<void()> act) {
    events_.push({std::max(when, now_), count_++, std::move(act)});
  }
  /// Lets the next thing happen, if it does not come after `until`; else it is `until` now, unless
  /// that is past. What an event throws comes out; the event is over then.
  bool step(Time until) {
    if (events_.empty() || events_.top().when > until) {
      now_ = std::max(now_, until);
      return false;
    }
    const Event event = events_.top();
    events_.pop();
    now_ = event.when;
    event.act();
    return true;
  }
  /// How many things have been asked for so far.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  struct Event {
    Time when;
    std::uint64_t number;
    std::function<void()> act;

    bool operator<(const Event& other) const {
      return std::pair(other.when, other.number) < std::pair(when, number);
    }
  };

  Time now_ = Time() + std::chrono::hours(1);
  std::uint64_t count_ = 0;
  std::priority_queue<Event> events_;
};

}  // namespace syncline
