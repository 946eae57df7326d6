#pragma once

#include <cstdint>
#include <functional>

#include "fleet/virtual/virtual_fleet.hpp"

namespace syncline {

/// Runs a clone of the fleet ahead on time alone and tells which jobs will be consumed, and in
/// which order, so that no core works on a job that is going to be cancelled. The clone needs no
/// payloads; only a measurement stops it, until the real run has made it.
class LookAhead final : private HostObserver {
 public:
  /// Called for each job that will be folded, as it will be then, with its place in the order of
  /// folds, from 0.
  using Consumed = std::function<void(const Job& job, std::uint64_t order)>;

  /// `fleet` is copied as it stands; `ahead` is how many folds to look ahead of the real run.
  LookAhead(const VirtualFleet& fleet, std::uint64_t ahead, Consumed consumed);
  LookAhead(const LookAhead&) = delete;
  LookAhead& operator=(const LookAhead&) = delete;

  /// Runs on until it is `ahead` folds before the real run, which has made `folds` of them and seen
  /// `events`, or far ahead in events that fold nothing, or until it needs a measurement.
  void run(std::uint64_t folds, std::uint64_t events);
  /// The measurement that the real run has made.
  void deliver(double value);
  /// Whether it waits for a measurement.
  [[nodiscard]] bool blocked() const { return fleet_.host().due_measurement() != nullptr; }
  /// What to compute while blocked.
  [[nodiscard]] std::vector<PendingJob> pending_jobs() { return fleet_.pending_jobs(); }

 private:
  /// Workers may die more often than they push.
  static constexpr std::uint64_t most_events_ahead = 10'000;

  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override;

  VirtualFleet fleet_;
  std::uint64_t ahead_;
  std::uint64_t folds_ = 0;
  std::uint64_t events_ = 0;
  Consumed consumed_;
};

}  // namespace syncline
