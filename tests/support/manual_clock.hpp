#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "syncline/host.hpp"

namespace syncline::testing {

/// A clock without durations: the test says whose payload arrives next, and when. Reaches orders of
/// arrival that no delay law makes likely.
class ManualClock final : public FleetClock {
 public:
  void expect(std::size_t) override {}
  void schedule(const Job& job) override {
    busy_.push_back(job.worker);
    if (job.work.report > 0) reporting_.push_back(job.worker);
  }
  void unschedule(WorkerId worker) override {
    std::erase(busy_, worker);
    std::erase(reporting_, worker);
    std::erase(stopped_, worker);
  }
  void unschedule_everyone() override {
    busy_.clear();
    reporting_.clear();
    stopped_.clear();
  }
  /// How much is done is said at the arrival, as on real machines.
  std::optional<std::uint32_t> stop(const Job& job) override {
    stopped_.push_back(job.worker);
    std::erase(reporting_, job.worker);
    return std::nullopt;
  }
  void arm(std::uint32_t timer, double) override { timers_.push_back(timer); }
  void disarm(std::uint32_t timer) override { std::erase(timers_, timer); }

  /// Workers with a running job, in the order of their starts.
  [[nodiscard]] const std::vector<WorkerId>& busy() const { return busy_; }
  /// Those of them that have to report and have not.
  [[nodiscard]] const std::vector<WorkerId>& reporting() const { return reporting_; }
  [[nodiscard]] const std::vector<std::uint32_t>& timers() const { return timers_; }

  /// The payload of a busy worker arrives. If it was stopped, it has done `steps` at most.
  void push(Host& host, WorkerId worker, double time, std::uint32_t steps = 1) {
    const bool stopped = std::erase(stopped_, worker) > 0;
    unschedule(worker);
    if (stopped) {
      host.arrive(time, worker, std::min(steps, host.job(worker).work.steps), *this);
    } else {
      host.arrive(time, worker, *this);
    }
  }
  void report(Host& host, WorkerId worker, double time) {
    std::erase(reporting_, worker);
    host.progressed(time, worker, *this);
  }
  void fire(Host& host, std::uint32_t timer, double time) {
    disarm(timer);
    host.timer_fired(time, timer, *this);
  }

 private:
  std::vector<WorkerId> busy_, reporting_, stopped_;
  std::vector<std::uint32_t> timers_;
};

}  // namespace syncline::testing
