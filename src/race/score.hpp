#pragma once

#include <cmath>
#include <optional>
#include <vector>

#include "syncline/config.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// What a few runs of one policy achieved: better is smaller, and any time to target beats none.
struct Score {
  std::optional<double> time;  ///< mean time to target, if all runs reached it
  double metric = INFINITY;    ///< mean of the last evaluation; infinite where one diverged

  [[nodiscard]] bool better_than(const Score& other) const {
    if (time && other.time) return *time < *other.time;
    if (time.has_value() != other.time.has_value()) return time.has_value();
    return metric < other.metric;
  }
};

[[nodiscard]] Score score(const std::vector<RunResult>& runs, const StopConfig& stop);

}  // namespace syncline
