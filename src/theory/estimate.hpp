#pragma once

#include <algorithm>
#include <limits>
#include <string>

#include "syncline/theory.hpp"

namespace syncline {

inline constexpr double infinite = std::numeric_limits<double>::infinity();

/// What any of the founding paper's statements is cited as.
inline constexpr const char* paper = "arXiv 1803.01113";

/// A number without an error.
[[nodiscard]] inline Estimate certain(double value, std::string source,
                                      EstimateKind kind = EstimateKind::exact) {
  return {value, kind, std::move(source), value, value};
}

/// A number with an absolute error on both sides.
[[nodiscard]] inline Estimate uncertain(double value, double error, std::string source,
                                        EstimateKind kind = EstimateKind::numeric) {
  return {value, kind, std::move(source), value - error, value + error};
}

/// The same estimate with its ends, and so its value, kept inside what is proved of it.
[[nodiscard]] inline Estimate within(Estimate estimate, double lower, double upper) {
  const auto inside = [&](double x) { return std::min(std::max(x, lower), upper); };
  estimate.lower = inside(estimate.lower);
  estimate.upper = inside(estimate.upper);
  estimate.value = inside(estimate.value);
  return estimate;
}

}  // namespace syncline
