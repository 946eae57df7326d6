#pragma once

#include <cmath>

#include "syncline/optimizer.hpp"

namespace syncline {

/// Kingma and Ba, arXiv 1412.6980, Algorithm 1.
template <class Real>
class Adam final : public Optimizer<Real> {
 public:
  Adam(const Arguments& arguments, std::size_t dimension)
      : beta1_(arguments.non_negative("beta1")),
        beta2_(arguments.non_negative("beta2")),
        epsilon_(arguments.positive("epsilon")),
        first_(dimension, Real(0)),
        second_(dimension, Real(0)) {
    if (beta1_ >= 1) arguments.refuse("beta1", "must be below 1");
    if (beta2_ >= 1) arguments.refuse("beta2", "must be below 1");
  }

  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    ++steps_;
    const auto t = static_cast<double>(steps_);
    const auto eta = static_cast<Real>(step_size / (1 - std::pow(beta1_, t)));
    const auto correction = static_cast<Real>(1 / std::sqrt(1 - std::pow(beta2_, t)));
    const auto b1 = static_cast<Real>(beta1_);
    const auto b2 = static_cast<Real>(beta2_);
    const auto epsilon = static_cast<Real>(epsilon_);
    for (std::size_t i = 0; i < next.size(); ++i) {
      first_[i] = b1 * first_[i] + (1 - b1) * gradient[i];
      second_[i] = b2 * second_[i] + (1 - b2) * gradient[i] * gradient[i];
      next[i] = current[i] - eta * first_[i] / (std::sqrt(second_[i]) * correction + epsilon);
    }
  }

  void influence(double step_size, std::span<Real> direction) const override {
    // Before the first step v is unknown; it will be the square of the gradient.
    const double left = std::pow(beta2_, static_cast<double>(steps_));
    const auto eta = static_cast<Real>(step_size);
    const auto correction = static_cast<Real>(steps_ > 0 ? 1 / std::sqrt(1 - left) : 0);
    const auto epsilon = static_cast<Real>(epsilon_);
    for (std::size_t i = 0; i < direction.size(); ++i) {
      const Real scale = steps_ > 0 ? std::sqrt(second_[i]) * correction : std::abs(direction[i]);
      direction[i] *= eta / (scale + epsilon);
    }
  }

  std::vector<std::vector<Real>*> vectors() override { return {&first_, &second_}; }
  [[nodiscard]] std::uint64_t steps() const override { return steps_; }
  void restore_steps(std::uint64_t steps) override { steps_ = steps; }

 private:
  double beta1_, beta2_, epsilon_;
  std::vector<Real> first_, second_;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline
