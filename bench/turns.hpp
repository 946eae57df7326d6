#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "syncline/host.hpp"

namespace syncline {

/// Whose turn it is: a ring of workers, each once. Jobs take no time; timers never run out.
class Turns final : public FleetClock {
 public:
  explicit Turns(std::uint32_t workers) : orders_(workers, 0) {}

  void expect(std::size_t) override {}
  void schedule(const Job& job) override { push(job.worker, job.work.report > 0); }
  void unschedule(WorkerId worker) override { ++orders_[worker]; }
  void unschedule_everyone() override { first_ = end_; }
  std::optional<std::uint32_t> stop(const Job& job) override {
    unschedule(job.worker);
    push(job.worker, false);
    return 1;
  }
  void arm(std::uint32_t, double) override {}
  void disarm(std::uint32_t) override {}

  struct Turn {
    WorkerId worker;
    std::uint32_t order;  ///< the worker's orders before: if there were more, it is void
    bool reports;         ///< it is not done yet
  };
  Turn next() {
    while (true) {
      const Turn turn = ring_[first_++ % size];
      if (turn.order != orders_[turn.worker]) continue;
      if (turn.reports) push(turn.worker, false);
      return turn;
    }
  }

 private:
  static constexpr std::size_t size = 1024;  ///< more than all turns, void ones included

  void push(WorkerId worker, bool reports) {
    ring_[end_++ % size] = {worker, orders_[worker], reports};
  }

  std::vector<Turn> ring_ = std::vector<Turn>(size);
  std::vector<std::uint32_t> orders_;
  std::size_t first_ = 0, end_ = 0;
};

}  // namespace syncline
