#pragma once

#include <cmath>

#include "server/attacks/bad_workers.hpp"
#include "server/attacks/honest_moments.hpp"
#include "syncline/attack.hpp"

namespace syncline {

/// The bad workers agree on one vector, made of all honest gradients of the step so far. Before
/// there is any, a bad worker knows its own only, and takes that.
template <class Real>
class Omniscient : public Attack<Real> {
 public:
  void observe(WorkerId, std::span<const Real> payload) final {
    moments_.add(payload.first(dimension_));
  }
  void stepped() final { moments_.stepped(); }

  void apply(WorkerId, std::uint64_t, std::span<Real> payload) final {
    const auto honest = moments_.view();
    const Real share = honest.count == 0 ? Real(0) : Real(1) / static_cast<Real>(honest.count);
    for (std::size_t i = 0; i < dimension_; ++i) {
      const Real mean = honest.count == 0 ? payload[i] : honest.mean[i];
      payload[i] = send(mean, std::sqrt(share * honest.squares[i]));
    }
  }

  [[nodiscard]] nlohmann::json state() const final { return moments_.state(); }
  void restore(const nlohmann::json& state) final { moments_.restore(state); }
  [[nodiscard]] std::vector<std::vector<Real>*> vectors() final { return moments_.vectors(); }

 protected:
  Omniscient(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Attack<Real>(bad_workers(arguments, workers)),
        dimension_(shape.dimension),
        moments_(shape.dimension) {}

  /// A coordinate, from mean and standard deviation (over n, not n - 1) of the honest ones.
  [[nodiscard]] virtual Real send(Real mean, Real deviation) const = 0;

 private:
  std::size_t dimension_;
  HonestMoments<Real> moments_;
};

/// mean - z sigma: away from the mean, but within the spread of the honest ones, where no rule can
/// tell it from them ("A little is enough", Baruch, Baruch, Goldberg, arXiv 1902.06156).
template <class Real>
class LittleIsEnough final : public Omniscient<Real> {
 public:
  LittleIsEnough(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Omniscient<Real>(arguments, shape, workers), z_(static_cast<Real>(arguments.number("z"))) {}

 private:
  [[nodiscard]] Real send(Real mean, Real deviation) const override {
    return mean - z_ * deviation;
  }
  Real z_;
};

/// -epsilon mean: the inner product with the true gradient is to become negative (Xie, Koyejo,
/// Gupta, "Fall of empires", arXiv 1903.03936).
template <class Real>
class InnerProduct final : public Omniscient<Real> {
 public:
  InnerProduct(const Arguments& arguments, const AggregatorShape& shape, std::uint32_t workers)
      : Omniscient<Real>(arguments, shape, workers),
        epsilon_(static_cast<Real>(arguments.positive("epsilon"))) {}

 private:
  [[nodiscard]] Real send(Real mean, Real) const override { return -epsilon_ * mean; }
  Real epsilon_;
};

}  // namespace syncline
