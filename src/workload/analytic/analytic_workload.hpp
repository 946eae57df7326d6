#pragma once

#include <memory>
#include <string>
#include <vector>

#include "syncline/workload.hpp"
#include "workload/analytic/gradient_noise.hpp"

namespace syncline {

/// An objective given by formulas, with Gaussian gradient noise in place of data. The length of a
/// batch divides the noise's variance; the sample numbers in it do not matter. Losses are
/// F(w) - F*, without noise. The workload must outlive its replicas.
template <class Real>
class AnalyticWorkload : public Workload<Real> {
 public:
  AnalyticWorkload(std::size_t dimension, double noise, NoiseKind kind)
      : dimension_(dimension), noise_(noise), kind_(kind) {}

  /// F(w) - F*.
  [[nodiscard]] virtual double excess(std::span<const Real> state) const = 0;
  /// The exact gradient of F.
  virtual void exact_gradient(std::span<const Real> state, std::span<Real> out) const = 0;
  /// Turns the gradient of F into that of the worker's own objective, where workers differ.
  virtual void localise(std::uint32_t, std::span<Real>) const {}

  [[nodiscard]] std::size_t dimension() const override { return dimension_; }
  [[nodiscard]] std::size_t samples(Split) const override { return 1; }
  [[nodiscard]] bool classifies() const override { return false; }
  [[nodiscard]] std::vector<NamedTensor> layout() const override {
    return {{"weight", {static_cast<std::int64_t>(dimension_)}, 0, false}};
  }
  [[nodiscard]] std::unique_ptr<Replica<Real>> make_replica() const override {
    return std::make_unique<FormulaReplica>(*this);
  }

 private:
  class FormulaReplica final : public Replica<Real> {
   public:
    explicit FormulaReplica(const AnalyticWorkload& objective) : objective_(objective) {}

    double gradient(std::span<const Real> state, std::span<const std::uint32_t> batch,
                    const DrawKey& key, std::span<Real> payload) override {
      objective_.exact_gradient(state, payload);
      objective_.localise(key.worker, payload);
      add_gradient_noise(payload, objective_.noise_, batch.size(), objective_.kind_, key);
      return objective_.excess(state);
    }
    EvaluationSums evaluate(std::span<const Real> state, Split, std::size_t first,
                            std::size_t last) override {
      const auto samples = static_cast<double>(last - first);
      return {.loss = samples * objective_.excess(state), .wrong = 0, .samples = samples};
    }

   private:
    const AnalyticWorkload& objective_;
  };

  std::size_t dimension_;
  double noise_;  ///< standard deviation of one coordinate at batch size 1
  NoiseKind kind_;
};

}  // namespace syncline
