#include <cmath>

#include "syncline/optimizer.hpp"

namespace syncline {
namespace {

/// w <- w - eta g.
template <class Real>
class Sgd final : public Optimizer<Real> {
 public:
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

template <template <class> class Kind>
OptimizerFactory factory() {
  return {[](const Arguments& arguments, std::size_t dimension) {
            return std::make_unique<Kind<float>>(arguments, dimension);
          },
          [](const Arguments& arguments, std::size_t dimension) {
            return std::make_unique<Kind<double>>(arguments, dimension);
          }};
}

template <class Real>
using HeavyBall = Momentum<Real, false>;
template <class Real>
using Nesterov = Momentum<Real, true>;

OptimizerFactory sgd_factory() {
  return {[](const Arguments&, std::size_t) { return std::make_unique<Sgd<float>>(); },
          [](const Arguments&, std::size_t) { return std::make_unique<Sgd<double>>(); }};
}

}  // namespace

const Registry<OptimizerFactory>& optimizers() {
  static const Registry<OptimizerFactory> registry(
      "optimizer", {{"sgd", "w <- w - eta g", "Robbins and Monro 1951", {}, sgd_factory()},
                    {"momentum",
                     "heavy ball: v <- mu v + g, w <- w - eta v",
                     "Polyak 1964; PyTorch's definition",
                     {{"momentum", "mu, 0 <= mu < 1", "0.9"}},
                     factory<HeavyBall>()},
                    {"nesterov",
                     "v <- mu v + g, w <- w - eta (g + mu v)",
                     "Nesterov 1983; PyTorch's definition",
                     {{"momentum", "mu, 0 <= mu < 1", "0.9"}},
                     factory<Nesterov>()},
                    {"adam",
                     "step by running moments, with bias correction",
                     "Kingma and Ba, arXiv 1412.6980",
                     {{"beta1", "decay of the first moment", "0.9"},
                      {"beta2", "decay of the second moment", "0.999"},
                      {"epsilon", "added to the root of the second moment", "1e-8"}},
                     factory<Adam>()}});
  return registry;
}

template <>
std::unique_ptr<Optimizer<float>> make_optimizer(std::string_view text, std::size_t dimension) {
  const Spec spec = parse_spec(text);
  const auto& entry = optimizers().find(spec.name);
  return entry.make.single(Arguments(spec, entry.parameters), dimension);
}

template <>
std::unique_ptr<Optimizer<double>> make_optimizer(std::string_view text, std::size_t dimension) {
  const Spec spec = parse_spec(text);
  const auto& entry = optimizers().find(spec.name);
  return entry.make.full(Arguments(spec, entry.parameters), dimension);
}

}  // namespace syncline
