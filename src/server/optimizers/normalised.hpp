#pragma once

#include <cmath>

#include "server/kernels.hpp"
#include "syncline/optimizer.hpp"

namespace syncline {

/// m <- (1 - a) m + a g; w <- w - eta m / ||m||: every step has the length eta. With a = 1 /
/// sqrt(k) at step k, no constant of the problem is needed (arXiv 2605.18174, its Euclidean case).
template <class Real>
class Normalised final : public Optimizer<Real> {
 public:
  Normalised(const Arguments& arguments, std::size_t dimension)
      : averaging_(arguments.non_negative("averaging")), mean_(dimension, Real(0)) {
    if (averaging_ > 1) arguments.refuse("averaging", "must be 0 to 1");
  }

  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    ++steps_;
    const double a = averaging_ > 0 ? averaging_ : 1 / std::sqrt(static_cast<double>(steps_));
    const auto share = static_cast<Real>(a);
    for (std::size_t i = 0; i < next.size(); ++i) mean_[i] += share * (gradient[i] - mean_[i]);
    const double norm = std::sqrt(squared_norm<Real>(mean_, totals_));
    const auto scale = static_cast<Real>(norm > 0 ? step_size / norm : 0);
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = current[i] - scale * mean_[i];
  }

  void sum_with(Totals& totals) override { totals_ = &totals; }

  void influence(double step_size, std::span<Real> direction) const override {
    // Before the first step m is unknown; it will be the gradient.
    const double norm =
        std::sqrt(steps_ > 0 ? squared_norm<Real>(mean_, totals_)
                             : squared_norm<Real>(std::span<const Real>(direction), totals_));
    const auto scale = static_cast<Real>(norm > 0 ? step_size / norm : 0);
    for (Real& x : direction) x *= scale;
  }

  std::vector<std::vector<Real>*> vectors() override { return {&mean_}; }
  [[nodiscard]] std::uint64_t steps() const override { return steps_; }
  void restore_steps(std::uint64_t steps) override { steps_ = steps; }

 private:
  double averaging_;
  std::vector<Real> mean_;
  std::uint64_t steps_ = 0;
  Totals* totals_ = nullptr;
};

}  // namespace syncline
