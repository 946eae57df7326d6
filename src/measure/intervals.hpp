#pragma once

#include "measure/vectors.hpp"
#include "syncline/measure.hpp"

namespace syncline {

/// How many standard errors, estimated with so many degrees of freedom (at least 1), a two-sided
/// 95 % interval reaches: Student's t.
[[nodiscard]] double t_95(std::size_t degrees);

/// Mean of independent draws and its standard error. REQUIRES: at least 2 draws.
struct MeanOf {
  double mean = 0;
  double error = 0;
  std::size_t draws = 0;

  explicit MeanOf(const Vector& draws);

  /// mean +- t error
  [[nodiscard]] MeasuredValue plain() const;
  /// The same for the logarithm (delta method), for means of skewed positive draws; plain() where
  /// the mean is not positive.
  [[nodiscard]] MeasuredValue logarithmic() const;
};

/// sum(above) / sum(below) of paired, serially dependent series, by the jackknife over batches of
/// neighbours. REQUIRES: equal lengths, at least 1; the sum below is positive. With fewer than 2
/// batches' worth of draws the interval is the value alone.
[[nodiscard]] MeasuredValue ratio_interval(const Vector& above, const Vector& below);

/// For numbers that can't be negative.
[[nodiscard]] MeasuredValue from_zero(MeasuredValue interval);

}  // namespace syncline
