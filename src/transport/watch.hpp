#pragma once

#include <chrono>
#include <thread>
#include <utility>

namespace syncline {

/// Looks for a message for a moment before its thread sleeps, where one is expected: being woken
/// takes longer than many a message. It is expected if the last one came within such a moment, so
/// nothing looks while a worker computes; and nothing looks where more threads than cores want to
/// run. For one thread.
class Watch {
 public:
  using Clock = std::chrono::steady_clock;

  /// Returns when `there()` holds, or looking is not worthwhile (any more).
  template <class There>
  void look(There&& there) {
    begin_ = Clock::now();
    if (!worthwhile_) return;
    for (auto now = begin_; !there() && now - begin_ < moment;) {
      std::this_thread::yield();
      const auto then = std::exchange(now, Clock::now());
      if (now - then > crowded) break;
    }
  }
  /// After look(): what was waited for has come.
  void came() { worthwhile_ = Clock::now() - begin_ < moment; }

 private:
  static constexpr std::chrono::microseconds moment{200};
  /// A yield that takes longer says that others need the core.
  static constexpr std::chrono::microseconds crowded{100};

  Clock::time_point begin_;
  bool worthwhile_ = false;
};

}  // namespace syncline
