#pragma once

#include <cmath>

#include <nlohmann/json.hpp>

#include "syncline/transform.hpp"

namespace syncline {

/// DC-ASGD-c (Zheng et al., arXiv 1609.08326): g <- g + lambda g * g * (w_now - w_read),
/// elementwise: one step of a Taylor series to the gradient at w_now, with lambda g g^T in place of
/// the Hessian.
template <class Real>
class DelayCompensation final : public Transform<Real> {
 public:
  DelayCompensation(const Arguments& arguments, const TransformShape&)
      : lambda_(static_cast<Real>(arguments.non_negative("lambda"))) {}

  double apply(WorkerId, std::span<Real> gradient, std::span<const Real> now,
               std::span<const Real> read) override {
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      gradient[i] += lambda_ * gradient[i] * gradient[i] * (now[i] - read[i]);
    }
    return 1;
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {}; }

 private:
  Real lambda_;
};

/// DC-ASGD-a: lambda over the root of a running mean of g * g, elementwise.
template <class Real>
class AdaptiveDelayCompensation final : public Transform<Real> {
 public:
  AdaptiveDelayCompensation(const Arguments& arguments, const TransformShape& shape)
      : lambda_(static_cast<Real>(arguments.non_negative("lambda"))),
        squares_(shape.dimension, Real(0)) {
    const double decay = arguments.non_negative("decay");
    if (decay >= 1) arguments.refuse("decay", "must be below 1");
    decay_ = static_cast<Real>(decay);
  }

  double apply(WorkerId, std::span<Real> gradient, std::span<const Real> now,
               std::span<const Real> read) override {
    const auto epsilon = static_cast<Real>(1e-7);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      const Real square = gradient[i] * gradient[i];
      squares_[i] = decay_ * squares_[i] + (1 - decay_) * square;
      gradient[i] += lambda_ / std::sqrt(squares_[i] + epsilon) * square * (now[i] - read[i]);
    }
    return 1;
  }

  [[nodiscard]] nlohmann::json state() const override { return nullptr; }
  void restore(const nlohmann::json&) override {}
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() override { return {&squares_}; }

 private:
  Real lambda_, decay_;
  std::vector<Real> squares_;
};

}  // namespace syncline
