#pragma once

#include <cmath>

#include "syncline/optimizer.hpp"

namespace syncline {

/// w <- w - eta g.
template <class Real>
class Sgd final : public Optimizer<Real> {
 public:
  Sgd(const Arguments&, std::size_t) {}

  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    const auto eta = static_cast<Real>(step_size);
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = current[i] - eta * gradient[i];
  }

  void influence(double step_size, std::span<Real> direction) const override {
    const auto eta = static_cast<Real>(step_size);
    for (Real& x : direction) x *= eta;
  }
};

}  // namespace syncline
