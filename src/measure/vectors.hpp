#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "server/kernels.hpp"

namespace syncline {

using Vector = std::vector<double>;

/// x'y. REQUIRES: equal lengths (so for all of these).
inline double inner(std::span<const double> x, std::span<const double> y) {
  return blocked_sum(x.size(), [&](std::size_t i) { return x[i] * y[i]; });
}

inline double norm(std::span<const double> x) { return std::sqrt(squared_norm<double>(x)); }

/// y += a x
inline void add_scaled(std::span<double> y, double a, std::span<const double> x) {
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += a * x[i];
}

inline void scale(std::span<double> y, double a) {
  for (double& value : y) value *= a;
}

}  // namespace syncline
