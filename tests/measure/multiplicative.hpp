#pragma once

#include <cmath>

#include "syncline/workload.hpp"

namespace syncline::testing {

/// F(w) = 1/2 sum a_i w_i^2, a_i from 1 down to 0.2, whose sample gradients are known only as
/// draws: (1 + s z) grad F + noise, z standard normal, so that the variance of one sample's
/// gradient is sigma^2 + s^2 ||grad F||^2 exactly. Neither data nor formula.
class Multiplicative final : public Workload<double> {
 public:
  Multiplicative(double sigma, double s) : sigma_(sigma), s_(s) {}

  static constexpr std::size_t size = 15;
  static double eigenvalue(std::size_t i) {
    return 1 - 0.8 * static_cast<double>(i) / (size - 1.0);
  }

  [[nodiscard]] std::size_t dimension() const override { return size; }
  void initialise(std::uint64_t, std::span<double> state) const override {
    for (double& w : state) w = 1;
  }
  [[nodiscard]] std::unique_ptr<Replica<double>> make_replica() const override {
    return std::make_unique<Draws>(sigma_, s_);
  }
  [[nodiscard]] std::size_t samples(Split) const override { return 1; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override {
    return {{"weight", {static_cast<std::int64_t>(size)}, 0, false}};
  }

 private:
  class Draws final : public Replica<double> {
   public:
    Draws(double sigma, double s) : sigma_(sigma), s_(s) {}
    double gradient(std::span<const double> state, std::span<const std::uint32_t> batch,
                    const DrawKey& key, std::span<double> payload) override {
      DrawStream stream(Stream::gradient_noise, key);
      const double root = std::sqrt(static_cast<double>(batch.size()));
      const double factor = 1 + s_ * stream.normal() / root;
      for (std::size_t i = 0; i < size; ++i) {
        payload[i] = factor * eigenvalue(i) * state[i] +
                     sigma_ * stream.normal() / (root * std::sqrt(static_cast<double>(size)));
      }
      return evaluate(state, Split::train, 0, 1).loss;
    }
    EvaluationSums evaluate(std::span<const double> state, Split, std::size_t,
                            std::size_t) override {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i) sum += eigenvalue(i) * state[i] * state[i] / 2;
      return {.loss = sum, .wrong = 0, .samples = 1};
    }

   private:
    double sigma_;
    double s_;
  };

  double sigma_;
  double s_;
};

}  // namespace syncline::testing
