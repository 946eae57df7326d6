#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syncline/measure.hpp"

namespace syncline {

/// One direction of a quadratic: loss curvature * w^2 / 2.
struct Mode {
  double curvature = 0;
  double start = 0;  ///< w at the beginning
  double noise = 0;  ///< standard deviation of the gradient noise of one mini-batch
};

/// The quadratic that stands in for a workload when the planner looks ahead: SGD on it needs some
/// dozens of multiplications an update, and sees the same noise, curvature and staleness.
struct QuadraticModel {
  std::vector<Mode> modes;
  double floor = 0;         ///< the loss that remains at its minimum
  double noise_growth = 0;  ///< the noise variance is multiplied by 1 + this * ||grad F||^2
  std::string source;       ///< where it comes from, for people

  [[nodiscard]] double loss(std::span<const double> w) const;
  [[nodiscard]] double initial_loss() const;
  /// Largest curvature: plain gradient descent needs steps below 2 over it.
  [[nodiscard]] double sharpness() const;
  /// Variance of one mini-batch gradient over ||grad F||^2 at the start: the batches worth waiting
  /// for (McCandlish et al., arXiv 1812.06162).
  [[nodiscard]] double noise_scale() const;
};

/// The model with the spectral lines of the constants: its gradient at the start, and the first
/// steps of descent from there, are those of the workload (Golub and Meurant 2010, chapter 6).
/// Each line of the noise is split into as many modes as make the loss fluctuate as in `dimension`
/// directions. Throws DataError if no line has positive curvature.
[[nodiscard]] QuadraticModel model_of(const WorkloadConstants& constants);

}  // namespace syncline
