#pragma once

#include <span>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// What the order of one worker's jobs says.
struct OrderTests {
  Trend drift;
  double burst_p_value = 1;
  /// Sums behind the p-value of bursts, to add over workers: the score and its variance.
  double burst_score = 0;
  double burst_variance = 0;
  /// By how much runs of slow jobs raise the variance of a sum over the jobs, 1 or more.
  double inflation = 1;
};

/// Tests of the martingale residuals r = [complete] - H(seconds), with H the worker's own
/// cumulative hazard (Nelson and Aalen): given the past each has mean 0, also if the job was
/// cancelled, as long as nothing but the past decides when. Drift: the Cox score test of the job's
/// number (Cox, JRSS B 34, 1972). Bursts: the sum of r times a fading sum of earlier r, positive if
/// slow jobs follow slow ones; a straight trend is taken out first. Fewer than 20 jobs, or 8
/// complete ones, are not tested. `jobs` in order.
[[nodiscard]] OrderTests test_order(std::span<const Timing> jobs);

/// P(N > z) of a standard normal N.
[[nodiscard]] double upper_tail(double z);

}  // namespace syncline
