#include "delay/value_distribution.hpp"

#include <algorithm>
#include <cmath>

#include "delay/range.hpp"

namespace syncline {

ValueDistribution::ValueDistribution(std::vector<double> values) : sorted_(std::move(values)) {
  if (sorted_.empty()) throw InternalError("a distribution of no values");
  std::sort(sorted_.begin(), sorted_.end());
  // Welford's recurrence: neither overflows on large values nor cancels on nearly equal ones.
  double squares = 0;
  double count = 0;
  for (const double value : sorted_) {
    const double from_old = value - mean_;
    mean_ += from_old / ++count;
    squares += from_old * (value - mean_);
  }
  variance_ = squares / count;
}

std::size_t ValueDistribution::count_up_to(double x) const {
  return static_cast<std::size_t>(std::upper_bound(sorted_.begin(), sorted_.end(), x) -
                                  sorted_.begin());
}

double ValueDistribution::cdf(double x) const {
  return static_cast<double>(count_up_to(x)) / static_cast<double>(size());
}

double ValueDistribution::survival(double x) const {
  return static_cast<double>(size() - count_up_to(x)) / static_cast<double>(size());
}

double ValueDistribution::quantile(double p) const {
  check_probability(p);
  const auto n = static_cast<double>(size());
  double rank = std::clamp(std::ceil(p * n), 1.0, n);
  // p * n rounds; the definition is in terms of cdf, so let the same quotient decide.
  while (rank > 1 && (rank - 1) / n >= p) --rank;
  while (rank < n && rank / n < p) ++rank;
  return sorted_[static_cast<std::size_t>(rank) - 1];
}

}  // namespace syncline
