#pragma once

#include <cstdint>
#include <vector>

#include "theory/law_view.hpp"

namespace syncline {

/// How many of the workers, one job each, have finished by time t: a sum of binomial counts, one
/// for each group (Poisson-binomial). Chances that are tiny beside the largest are left out: below
/// 1e-60, or where a Pareto law makes the far tail count, below what a double holds.
class DoneCount {
 public:
  DoneCount(const Groups& groups, double t);

  [[nodiscard]] double at_most(std::uint64_t n) const;       ///< P(count <= n)
  [[nodiscard]] double mean_missing(std::uint64_t k) const;  ///< E[max(k - count, 0)]

 private:
  std::uint64_t first_ = 0;  ///< pmf_[i] = P(count = first_ + i)
  std::vector<double> pmf_;
};

}  // namespace syncline
