#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "fleet/training/run_fleet.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// Estimates what the cancelling of jobs saves their workers, from how long jobs take them. Not
/// thread-safe.
class SavedTime final : public HostObserver {
 public:
  explicit SavedTime(std::uint32_t workers) : paces_(workers), cancelled_(workers) {}

  void arrived(const Job& job, double time) override;
  void cancelled(const Job& job, double time) override;

  /// Seconds for which the worker would have gone on with a job that it has given up: what a job
  /// takes it beyond what this one had. Of a worker that has not ended any of its last jobs the
  /// rest at the pace of the micro-batches done, or what a job takes all workers. Nothing if the
  /// job's begin is not known (a resumed run), or nothing was measured yet.
  [[nodiscard]] std::optional<double> of(const Abandoned& job) const;

 private:
  /// How long the gradients of the last jobs took. Those of cancelled jobs count with what they
  /// had: the longer a job is the more often it is cancelled, so the mean of those that ended
  /// would say far too little. Time over ends is the estimate of greatest likelihood where times
  /// are exponential, and the mean where none is cancelled.
  class Pace {
   public:
    void add(double seconds, std::uint32_t ended);
    [[nodiscard]] std::optional<double> seconds_per_gradient() const;

   private:
    struct Part {
      double seconds;
      std::uint32_t ended;  ///< gradients
    };
    std::deque<Part> parts_;
  };
  struct Cancelled {
    std::uint64_t job = 0;
    double start = 0;
    std::uint32_t gradients = 0;
  };

  std::vector<Pace> paces_;                          ///< [worker]
  std::vector<std::optional<Cancelled>> cancelled_;  ///< [worker]: the last one
};

}  // namespace syncline
