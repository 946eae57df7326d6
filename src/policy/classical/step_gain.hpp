#pragma once

#include <cstdint>
#include <deque>

#include <nlohmann/json_fwd.hpp>

namespace syncline {

/// What a step on the mean g of k gradients gains, by the one-step inequality
///
///     E[F(w) - F(w - eta g)] / eta  >=  (1 - a / 2) N - (a / 2) V / k,   a = eta L
///
/// (DBW, arXiv 2004.14696), N = ||grad F||^2 and V the variance of one gradient, summed over
/// coordinates. Everything is estimated from the last few steps:
///
///     V   the mean of their sample variances. A step on one gradient has none; with the step
///         before, ||g - g_before||^2 / (1 / k + 1 / k_before) stands in, which the slope's own
///         change between the two makes too large
///     N   the mean of ||g||^2 - V / k, at least 0
///     a   the mean of (||g_before||^2 - V / k_before - <g_before, g>) / ||g_before||^2
///
/// The last is ours. With steps w <- w - eta g and H the Hessian on the way, E<g_before, g> =
/// N - eta E[g_before' H g_before]: noise at one step is independent of that at the next. So it
/// finds eta g'Hg / ||g||^2, the curvature along the steps that are made, which for a quadratic
/// makes the inequality an equality. It needs no eta, no L and no loss, and is less noisy than a
/// secant of mini-batch losses. With momentum, steps are not along g, and it is a rough guide.
///
/// A step size that depends on K is f(K) times a base: then eta is that of the base. A value.
class StepGain {
 public:
  /// `window`: how many steps V and N are means over; a is over ten times as many, being the same
  /// all along. REQUIRES: window >= 2.
  explicit StepGain(std::uint64_t window) : window_(window) {}

  /// A step on the mean of k gradients. `norm` is ||g||; `dot` = <g_before, g> is not used of the
  /// first step, `spread`, the sample variance, not if k is 1. `factor` is f(k).
  void stepped(double k, double norm, double dot, double spread, double factor);

  /// Whether a window is full.
  [[nodiscard]] bool ready() const { return steps_.size() == window_; }
  /// The gain of a step on k gradients over the base step size, negative if noise prevails.
  /// REQUIRES: ready().
  [[nodiscard]] double gain(double k, double factor) const;

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  struct Step {
    double k, square, dot, variance, freedom, factor;
  };

  [[nodiscard]] double variance() const;
  void learn_curvature();

  std::uint64_t window_;
  std::deque<Step> steps_;
  double curvature_ = 0;  ///< a
  double learnt_ = 0;     ///< how many steps it is a mean over
};

}  // namespace syncline
