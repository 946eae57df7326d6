#pragma once

#include <vector>

namespace syncline {

/// y(x) = sum of weights[i] exp(-rates[i] x), all weights >= 0; a rate may be 0.
struct ExponentialSum {
  std::vector<double> rates;
  std::vector<double> weights;

  [[nodiscard]] double operator()(double x) const;
};

/// The sum nearest to the points in least squares, among rates on a logarithmic grid over the range
/// that the points can tell apart, and 0. Any curve that falls ever more slowly (completely
/// monotone) is such a sum; noise on top of it is averaged away.
/// REQUIRES: x rising from 0 or more, at least two points.
[[nodiscard]] ExponentialSum fit_exponential_sum(const std::vector<double>& x,
                                                 const std::vector<double>& y);

}  // namespace syncline
