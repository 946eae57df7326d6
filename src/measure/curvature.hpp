#pragma once

#include <optional>

#include "measure/gradient_source.hpp"
#include "syncline/measure.hpp"

namespace syncline {

/// Largest and smallest eigenvalue of the Hessian of F at one point.
struct Curvature {
  MeasuredValue highest;
  MeasuredValue lowest;
};

/// Lanczos from a random direction. The values are those of the subset's Hessian. The ends of the
/// intervals towards the middle come from fresh mini-batches: the curvature of F along the subset's
/// extreme direction can't exceed F's extreme. The outer ends add what Lanczos may have missed
/// after k steps in d dimensions with probability 2.5 %, a share
///   (ln(1.648 sqrt(d) / 0.025) / (2k - 1))^2
/// of the spectrum's width (Kuczynski and Wozniakowski, Estimating the largest eigenvalue by the
/// power and Lanczos algorithms with a random start, SIAM J. Matrix Anal. Appl. 13, 1992), and the
/// sampling error. `direction` is the random start, `step` that of hessian_product().
[[nodiscard]] Curvature curvature_at(GradientSource& source, const Vector& state, double step,
                                     const MeasureSettings& settings, const Vector& direction);

/// A direction for curvature_at(), each number another.
[[nodiscard]] Vector random_direction(std::size_t dimension, std::uint64_t seed,
                                      std::uint64_t number);

/// Steps that curvature_at makes: settings.directions, or more where the bound needs them.
[[nodiscard]] std::uint64_t curvature_steps(std::uint64_t directions, std::size_t dimension);

/// Joins what was met at several points: L is the largest, c the smallest. `seen` are curvatures
/// between points of the subset's F (secants, Ritz values from other directions).
[[nodiscard]] MeasuredValue join_smoothness(const std::vector<Curvature>& points, double seen);
/// None unless the smallest is positive beyond what differences can tell from 0.
[[nodiscard]] std::optional<MeasuredValue> join_convexity(const std::vector<Curvature>& points);

}  // namespace syncline
