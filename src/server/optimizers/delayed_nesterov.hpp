#pragma once

#include "syncline/optimizer.hpp"

namespace syncline {

/// Delayed Nesterov (arXiv 2401.09135, algorithm 3). N is the period, c the share:
///
///     at every N-th step  m <- beta m + mean of the last N gradients
///                         w <- w - eta ((1 - c N + c) beta m + g / N)
///     at the others       w <- w - eta (c beta m + g / N)
///
/// Momentum on every stale gradient would multiply their staleness.
template <class Real>
class DelayedNesterov final : public Optimizer<Real> {
 public:
  DelayedNesterov(const Arguments& arguments, std::size_t dimension)
      : period_(arguments.at_least_one("period")),
        momentum_(dimension, Real(0)),
        sum_(dimension, Real(0)) {
    const double beta = arguments.non_negative("momentum");
    if (beta >= 1) arguments.refuse("momentum", "must be below 1");
    const double share = arguments.non_negative("share");
    if (share * static_cast<double>(period_) > 1) {
      arguments.refuse("share", "must be 0 to 1 / period");
    }
    beta_ = static_cast<Real>(beta);
    share_ = static_cast<Real>(share);
  }

  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    const auto eta = static_cast<Real>(step_size);
    const auto n = static_cast<Real>(period_);
    const bool moves = ++steps_ % period_ == 0;
    const Real share = moves ? 1 - share_ * n + share_ : share_;
    for (std::size_t i = 0; i < next.size(); ++i) {
      sum_[i] += gradient[i];
      if (moves) {
        momentum_[i] = beta_ * momentum_[i] + sum_[i] / n;
        sum_[i] = 0;
      }
      next[i] = current[i] - eta * (share * beta_ * momentum_[i] + gradient[i] / n);
    }
  }

  void influence(double step_size, std::span<Real> direction) const override {
    const auto whole = static_cast<Real>(step_size) / (static_cast<Real>(period_) * (1 - beta_));
    for (Real& x : direction) x *= whole;
  }

  std::vector<std::vector<Real>*> vectors() override { return {&momentum_, &sum_}; }
  [[nodiscard]] std::uint64_t steps() const override { return steps_; }
  void restore_steps(std::uint64_t steps) override { steps_ = steps; }

 private:
  std::uint64_t period_;
  Real beta_ = 0, share_ = 0;
  std::vector<Real> momentum_, sum_;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline
