#pragma once

#include <span>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// A job as the rank tests see it.
struct RankedJob {
  double seconds = 0;
  bool censored = false;
};

/// The jobs by length; of equal ones the complete come first. All tests below need this order.
using RankedJobs = std::vector<RankedJob>;

[[nodiscard]] RankedJobs ranked(std::span<const Timing> jobs);
[[nodiscard]] RankedJobs merged(const RankedJobs& a, const RankedJobs& b);

/// The outcome of a test that some groups of jobs have one law.
struct Equality {
  double statistic = 0;  ///< chi-squared if they have
  double freedom = 0;    ///< its degrees of freedom; 0 where there are too few jobs for a test
  [[nodiscard]] double p_value() const;
};

/// Two weighted log-rank tests in one (Fleming and Harrington, Counting Processes and Survival
/// Analysis, 1991, chapter 7): with weight 1, against laws of which one is slower throughout, and
/// with weight 2 S - 1 (S the joint survival function), against laws that differ in shape. Each
/// job's two scores have mean 0 given the past, whatever cancels jobs by looking only at the past.
/// Covariance by permutation, as in the test of Kruskal and Wallis, which this is without the
/// second weight and with ranks for scores. A group of fewer than 10 jobs counts by a bound
/// instead.
[[nodiscard]] Equality test_equality(std::span<const RankedJobs* const> groups);

}  // namespace syncline
