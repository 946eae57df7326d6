#pragma once

#include "measure/descent.hpp"
#include "syncline/measure.hpp"

namespace syncline {

/// The noise of one sample's gradient: variance = sigma2 + m_g ||grad F||^2 (arXiv
/// 1803.01113, 2.4).
struct NoiseModel {
  MeasuredValue sigma2;
  MeasuredValue m_g;
  double variance_at_start = 0;  ///< sigma2 + m_g ||grad F||^2 there
};

/// From the spread of `count` >= 2 mini-batches about the mean gradient at each point. m_g is the
/// least-squares slope of the variance against ||grad F||^2 over the points, not below 0, and the
/// line goes through the variance at the start. The same mini-batches come at every point: slope
/// and sigma2 are means of one number for each, which gives the intervals. `length2` is ||grad
/// F||^2 at the start: its relative error, much the same at every point since the samples are, is
/// that of the slope too.
[[nodiscard]] NoiseModel noise_model(GradientSource& source, const std::vector<PathPoint>& points,
                                     const MeasuredValue& length2, std::uint64_t count);

/// ||grad F||^2 at a point, without bias unless cut off at 0; the interval is by the jackknife over
/// the chunks of the subset. Exact where mean() is.
[[nodiscard]] MeasuredValue gradient_norm2(GradientSource& source, const PathPoint& point);

}  // namespace syncline
