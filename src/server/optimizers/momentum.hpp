#pragma once

#include <cmath>

#include "syncline/optimizer.hpp"

namespace syncline {

/// v <- mu v + g; w <- w - eta v (heavy ball), or w <- w - eta (g + mu v) (Nesterov).
template <class Real, bool nesterov>
class Momentum final : public Optimizer<Real> {
 public:
  Momentum(const Arguments& arguments, std::size_t dimension) : velocity_(dimension, Real(0)) {
    const double mu = arguments.non_negative("momentum");
    if (mu >= 1) arguments.refuse("momentum", "must be below 1");
    momentum_ = static_cast<Real>(mu);
  }

  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    const auto eta = static_cast<Real>(step_size);
    for (std::size_t i = 0; i < next.size(); ++i) {
      velocity_[i] = momentum_ * velocity_[i] + gradient[i];
      const Real direction = nesterov ? gradient[i] + momentum_ * velocity_[i] : velocity_[i];
      next[i] = current[i] - eta * direction;
    }
  }

  void influence(double step_size, std::span<Real> direction) const override {
    const auto whole = static_cast<Real>(step_size) / (1 - momentum_);
    for (Real& x : direction) x *= whole;
  }

  std::vector<std::vector<Real>*> vectors() override { return {&velocity_}; }

 private:
  Real momentum_;
  std::vector<Real> velocity_;
};

template <class Real>
using HeavyBall = Momentum<Real, false>;
template <class Real>
using Nesterov = Momentum<Real, true>;

}  // namespace syncline
