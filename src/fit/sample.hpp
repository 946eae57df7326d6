#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// Equal durations, counted once.
struct Weighted {
  double time = 0;
  double count = 0;
};

/// Durations made ready for a fit: ascending, equal ones joined, and measured in units of their
/// median, so that microseconds and months are the same to the optimiser. Immutable.
class Sample {
 public:
  /// REQUIRES: all `seconds` positive and finite. Without jobs it is empty.
  explicit Sample(std::span<const Timing> jobs);

  [[nodiscard]] double unit() const { return unit_; }  ///< in seconds
  [[nodiscard]] const std::vector<Weighted>& events() const { return events_; }
  [[nodiscard]] const std::vector<Weighted>& censored() const { return censored_; }
  [[nodiscard]] double event_count() const { return event_count_; }
  [[nodiscard]] double censored_count() const { return censored_count_; }
  [[nodiscard]] double exposure() const { return exposure_; }  ///< sum of all times
  [[nodiscard]] double log_sum() const { return log_sum_; }    ///< of log over the complete jobs

 private:
  double unit_ = 1;
  std::vector<Weighted> events_;
  std::vector<Weighted> censored_;
  double event_count_ = 0;
  double censored_count_ = 0;
  double exposure_ = 0;
  double log_sum_ = 0;
};

}  // namespace syncline
