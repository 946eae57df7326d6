#pragma once

#include <functional>
#include <map>
#include <queue>
#include <vector>

#include "syncline/host.hpp"

namespace syncline::testing {

/// Virtual time for policy tests: a job takes as long as a function says; infinity is never.
class TimedClock final : public FleetClock {
 public:
  using Duration = std::function<double(const Job&)>;

  TimedClock(std::uint32_t workers, Duration duration)
      : duration_(std::move(duration)), stamps_(workers, 0) {}

  void expect(std::size_t) override {}
  void schedule(const Job& job) override {
    stamps_[job.worker] = ++stamp_;
    queue_.push({now_ + duration_(job), job.worker, false, stamp_});
  }
  void unschedule(WorkerId worker) override { stamps_[worker] = 0; }
  void unschedule_everyone() override { stamps_.assign(stamps_.size(), 0); }
  std::optional<std::uint32_t> stop(const Job&) override { return std::nullopt; }
  void arm(std::uint32_t timer, double at) override {
    timers_[timer] = ++stamp_;
    queue_.push({at, timer, true, stamp_});
  }
  void disarm(std::uint32_t timer) override { timers_.erase(timer); }

  /// Runs the next event; false if nothing can happen any more.
  bool advance(Host& host) {
    while (!queue_.empty()) {
      const Event event = queue_.top();
      if (!(event.time < std::numeric_limits<double>::infinity())) return false;
      queue_.pop();
      const bool runs =
          event.timer ? timers_.contains(event.index) && timers_.at(event.index) == event.stamp
                      : stamps_[event.index] == event.stamp;
      if (!runs) continue;
      now_ = event.time;
      if (event.timer) {
        timers_.erase(event.index);
        host.timer_fired(now_, event.index, *this);
      } else {
        stamps_[event.index] = 0;
        host.arrive(now_, event.index, *this);
      }
      return true;
    }
    return false;
  }

  [[nodiscard]] double now() const { return now_; }

 private:
  struct Event {
    double time;
    std::uint32_t index;
    bool timer;
    std::uint64_t stamp;
    bool operator>(const Event& other) const {
      return time != other.time ? time > other.time : index > other.index;
    }
  };

  Duration duration_;
  std::vector<std::uint64_t> stamps_;  ///< of each worker's job; 0: none
  std::map<std::uint32_t, std::uint64_t> timers_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue_;
  std::uint64_t stamp_ = 0;
  double now_ = 0;
};

}  // namespace syncline::testing
