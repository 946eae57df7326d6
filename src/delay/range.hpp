#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "syncline/error.hpp"

namespace syncline {

/// Moves a draw into what a double can hold as a duration. Only laws with extreme parameters ever
/// need it: a gamma(shape=0.001) puts half its mass below the smallest double, and a Pareto of that
/// shape above the largest one; a duration of 0 or infinity would break the clock.
[[nodiscard]] inline double representable(double x) {
  return std::clamp(x, std::numeric_limits<double>::min(), std::numeric_limits<double>::max());
}

/// Throws InternalError unless 0 < p < 1, the domain of every quantile function.
inline void check_probability(double p) {
  if (!(p > 0 && p < 1)) {
    throw InternalError("a quantile was asked for at p = " + std::to_string(p) +
                        "; p must be above 0 and below 1");
  }
}

}  // namespace syncline
