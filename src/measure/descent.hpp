#pragma once

#include "measure/gradient_source.hpp"

namespace syncline {

struct PathPoint {
  Vector state;
  MeanGradient gradient;
};

/// Some points on the way down from the start, after 0, 1, 2, 4, ... steps of gradient descent.
struct DescentPath {
  std::vector<PathPoint> points;
  /// The largest ||grad F(a) - grad F(b)|| / ||a - b|| of neighbours no nearer than the differences
  /// behind a Hessian product: over less it would be rounding, or kinks.
  double secant = 0;
};

/// Steps that descend() makes, and points that it keeps at most.
inline constexpr std::uint64_t descent_steps = 32;
inline constexpr std::uint64_t descent_points = 7;

/// Gradient descent with one step size from a start whose gradient is known. Where the gradient
/// can't be told from 0 it takes the step of a mini-batch, so as to see other points than the
/// start. Ends early where a gradient is not finite. `shortest`: the step of hessian_product().
[[nodiscard]] DescentPath descend(GradientSource& source, PathPoint start, double step_size,
                                  double shortest);

}  // namespace syncline
