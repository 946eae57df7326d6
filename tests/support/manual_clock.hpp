#pragma once

#include <algorithm>
#include <vector>

#include "syncline/host.hpp"

namespace syncline::testing {

/// A clock without durations: the test says whose payload arrives next, and when. Reaches orders of
/// arrival that no delay law makes likely.
class ManualClock final : public FleetClock {
 public:
  void expect(std::size_t) override {}
  void schedule(const Job& job) override { busy_.push_back(job.worker); }
  void unschedule(WorkerId worker) override { std::erase(busy_, worker); }
  void unschedule_everyone() override { busy_.clear(); }
  void arm(std::uint32_t timer, double) override { timers_.push_back(timer); }
  void disarm(std::uint32_t timer) override { std::erase(timers_, timer); }

  /// Workers with a running job, in the order of their starts.
  [[nodiscard]] const std::vector<WorkerId>& busy() const { return busy_; }
  [[nodiscard]] const std::vector<std::uint32_t>& timers() const { return timers_; }

  /// The payload of a busy worker arrives.
  void push(Host& host, WorkerId worker, double time) {
    unschedule(worker);
    host.arrive(time, worker, *this);
  }

 private:
  std::vector<WorkerId> busy_;
  std::vector<std::uint32_t> timers_;
};

}  // namespace syncline::testing
