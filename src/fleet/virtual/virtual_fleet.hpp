#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fleet/virtual/virtual_clock.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// A running job by its worker and the worker's number of it.
using PendingJob = std::pair<WorkerId, std::uint64_t>;

/// A policy, its host and virtual time: everything about a run but the payloads. A value: a copy
/// runs on alike, without observers; that is how the look-ahead works.
class VirtualFleet {
 public:
  VirtualFleet(Host host, VirtualClock clock) : host_(std::move(host)), clock_(std::move(clock)) {}

  /// `absent`: workers that are not there yet. DataError if a log names some that can't be.
  void begin(const std::vector<WorkerId>& absent = {});

  /// When the next event happens; +infinity if nothing can happen any more.
  double next_time();
  /// What to tell the user then.
  [[nodiscard]] std::string why_nothing_happens() const;
  /// Runs the next event. REQUIRES: no measurement is due, and next_time() is finite.
  void advance();
  /// Delivers the measurement that is due.
  void deliver(double value) { host_.measured(clock_.now(), value, clock_); }

  /// The running jobs that end next, soonest first, at most `count` of them.
  [[nodiscard]] std::vector<PendingJob> pending_jobs(std::size_t count = SIZE_MAX);

  [[nodiscard]] bool replays() const { return clock_.replays(); }
  [[nodiscard]] double now() const { return clock_.now(); }
  [[nodiscard]] Host& host() { return host_; }
  [[nodiscard]] const Host& host() const { return host_; }
  [[nodiscard]] VirtualClock& clock() { return clock_; }

 private:
  void happen(const VirtualClock::Next& next);

  Host host_;
  VirtualClock clock_;
};

}  // namespace syncline
