#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/recent_values.hpp"
#include "fleet/training/run_fleet.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// Estimates what the cancelling of jobs saves their workers, from how long jobs take them. Not
/// thread-safe.
class SavedTime final : public HostObserver {
 public:
  explicit SavedTime(std::uint32_t workers);

  void arrived(const Job& job, double time) override;
  void cancelled(const Job& job, double time) override;

  /// Seconds for which the worker would have gone on with a job that it has given up: what its
  /// median job takes beyond what this one had. Of a worker that has not ended any the rest at the
  /// pace of the micro-batches done, or what the median job of all takes. Nothing if the job's
  /// begin is not known (a resumed run), or nothing was measured yet.
  [[nodiscard]] std::optional<double> of(const Abandoned& job) const;

 private:
  struct Cancelled {
    std::uint64_t job = 0;
    double start = 0;
    std::uint32_t gradients = 0;
  };
  [[nodiscard]] static std::optional<double> median(const RecentValues& values);

  std::vector<RecentValues> usual_;  ///< [worker]: seconds for each gradient of a job
  RecentValues usual_of_all_;
  std::vector<std::optional<Cancelled>> cancelled_;  ///< [worker]: the last one
};

}  // namespace syncline
