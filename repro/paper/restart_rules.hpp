#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "study.hpp"
#include "syncline/theory.hpp"
#include "trace/update_recorder.hpp"

namespace syncline::repro {

/// Holds what a run did, update by update, to what Figures 3 and 4 of the paper draw: when each job
/// started, which version it read, who waited and who was cancelled. It computes the start and the
/// version of every job anew from the pushes before it and knows nothing of the policies.
class RestartRules {
 public:
  explicit RestartRules(const VariantPoint& point) : point_(point) {}

  void check(const UpdateRecord& record);

  /// Counts, for the page: `as_drawn` of `jobs`, `waited_as_drawn` of `early_pushes`, ...
  [[nodiscard]] Json json() const;

 private:
  struct Push {
    double time = 0;
    Version update = 0;  ///< that used it
    double update_time = 0;
    bool completed = false;  ///< the update: it was the K-th
  };
  struct Begin {
    double start = 0;
    Version read = 0;
  };

  [[nodiscard]] Begin drawn(const GradientRecord& gradient) const;
  [[nodiscard]] bool waits() const {
    return point_.family == VariantFamily::k_sync || point_.family == VariantFamily::k_async;
  }

  VariantPoint point_;
  std::map<WorkerId, Push> last_;  ///< push of each worker
  Version version_ = 0;
  double last_update_ = 0;
  std::uint64_t jobs_ = 0, as_drawn_ = 0;
  std::uint64_t early_pushes_ = 0, waited_as_drawn_ = 0, waits_ = 0;
  std::uint64_t distinct_ = 0;  ///< updates from as many workers as gradients
  std::uint64_t cancelled_ = 0, fewest_cancelled_ = UINT64_MAX, most_cancelled_ = 0;
  std::uint64_t staleness_ = 0, most_stale_ = 0;
};

}  // namespace syncline::repro
