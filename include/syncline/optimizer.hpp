#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "syncline/registry.hpp"

namespace syncline {

class Totals;

/// Turns an aggregated gradient into a step. Keeps its own state (moments) of the same dimension.
/// Not thread-safe; owned by one parameter server.
template <class Real>
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// next = current - step(gradient, step_size). All spans have the dimension of the model; `next`
  /// may be `current` itself.
  virtual void step(std::span<const Real> current, std::span<const Real> gradient, double step_size,
                    std::span<Real> next) = 0;

  /// The dimension is that of a shard: norms are over all of them.
  virtual void sum_with(Totals&) {}

  /// How far one gradient moves the parameters in the end, all later steps that still carry it
  /// included: eta g for SGD, eta g / (1 - mu) for both kinds of momentum, and for Adam
  /// eta g / (sqrt(v) + epsilon) with the moment v of now. `direction` is the gradient on entry and
  /// the way on return.
  virtual void influence(double step_size, std::span<Real> direction) const = 0;

  /// Everything that a checkpoint must hold: the state vectors and the number of steps taken.
  [[nodiscard]] virtual std::vector<std::vector<Real>*> vectors() { return {}; }
  [[nodiscard]] virtual std::uint64_t steps() const { return 0; }
  virtual void restore_steps(std::uint64_t) {}
};

/// A factory makes the optimizer in both precisions for a model of the given dimension.
struct OptimizerFactory {
  std::function<std::unique_ptr<Optimizer<float>>(const Arguments&, std::size_t)> single;
  std::function<std::unique_ptr<Optimizer<double>>(const Arguments&, std::size_t)> full;
};

/// sgd, momentum, nesterov, adam: PyTorch's definitions, so that known settings carry over.
[[nodiscard]] const Registry<OptimizerFactory>& optimizers();

template <class Real>
[[nodiscard]] std::unique_ptr<Optimizer<Real>> make_optimizer(std::string_view spec,
                                                              std::size_t dimension);

}  // namespace syncline
