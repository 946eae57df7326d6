#pragma once

#include <cmath>
#include <span>

namespace syncline {

/// Mean of a sample and the standard error of that mean (0 for fewer than two values).
struct Summary {
  double mean = 0;
  double standard_error = 0;
  std::size_t count = 0;
};

inline Summary summarise(std::span<const double> values) {
  Summary summary;
  summary.count = values.size();
  if (values.empty()) return summary;
  const auto n = static_cast<double>(values.size());
  for (const double value : values) summary.mean += value / n;
  if (values.size() < 2) return summary;
  double squares = 0;
  for (const double value : values) squares += (value - summary.mean) * (value - summary.mean);
  summary.standard_error = std::sqrt(squares / (n - 1) / n);
  return summary;
}

}  // namespace syncline
