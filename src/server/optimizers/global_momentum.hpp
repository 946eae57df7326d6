#pragma once

#include "syncline/optimizer.hpp"

namespace syncline {

/// The server of FedGLOMO (arXiv 2012.04061, algorithm 1). The aggregate is two vectors: d, the
/// mean displacement from this version, and e, the mean of what it differs from the displacement
/// from the version before on the same mini-batches.
///
///     u <- d at the first step, else beta d + (1 - beta) (u + e);    w <- w - eta u
template <class Real>
class GlobalMomentum final : public Optimizer<Real> {
 public:
  GlobalMomentum(const Arguments& arguments, std::size_t dimension)
      : momentum_(dimension, Real(0)) {
    const double beta = arguments.positive("beta");
    if (beta > 1) arguments.refuse("beta", "must be above 0 and at most 1");
    beta_ = static_cast<Real>(beta);
  }

  /// REQUIRES: `gradient` holds both vectors, one after the other.
  void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
            std::span<Real> next) override {
    const std::size_t d = next.size();
    const auto eta = static_cast<Real>(step_size);
    const bool first = steps_++ == 0;
    for (std::size_t i = 0; i < d; ++i) {
      momentum_[i] = first ? gradient[i]
                           : beta_ * gradient[i] + (1 - beta_) * (momentum_[i] + gradient[d + i]);
      next[i] = current[i] - eta * momentum_[i];
    }
  }

  void influence(double step_size, std::span<Real> direction) const override {
    const auto eta = static_cast<Real>(step_size);
    for (Real& x : direction) x *= eta;
  }

  std::vector<std::vector<Real>*> vectors() override { return {&momentum_}; }
  [[nodiscard]] std::uint64_t steps() const override { return steps_; }
  void restore_steps(std::uint64_t steps) override { steps_ = steps; }

 private:
  Real beta_ = 1;
  std::vector<Real> momentum_;
  std::uint64_t steps_ = 0;
};

}  // namespace syncline
