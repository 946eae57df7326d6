#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace syncline {

/// Where a log-likelihood is largest.
struct Maximum {
  std::vector<double> at;
  double value = 0;
  /// The inverse of the observed information; empty if that is not positive definite: the data then
  /// say nothing about some direction.
  std::vector<std::vector<double>> covariance;

  [[nodiscard]] bool has_errors() const { return !covariance.empty(); }
  /// The standard error of a parameter. REQUIRES: has_errors().
  [[nodiscard]] double error(std::size_t i) const { return std::sqrt(covariance[i][i]); }
};

/// Newton's method with central differences and a damped step, for one to five parameters that may
/// be any real number. `scales` are guesses of the standard errors: they set the differences' steps
/// and need only be right within a factor of a hundred. `f` may return -infinity outside its
/// domain. nullopt where f is not finite at the start or no maximum is found.
[[nodiscard]] std::optional<Maximum> maximise(
    const std::function<double(const std::vector<double>&)>& f, std::vector<double> start,
    std::vector<double> scales);

}  // namespace syncline
