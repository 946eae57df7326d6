#pragma once

#include "measure/gradient_source.hpp"
#include "measure/lanczos.hpp"

namespace syncline {

/// How far from the point, for a direction of length 1, the gradients of a difference are taken, in
/// units of max(1, ||state||): u^(1/3), u the precision of double. The error of a central
/// difference is about h^2 (third derivative) + u ||grad|| / h, least where h is near u^(1/3).
[[nodiscard]] double smallest_step();

/// The step for a workload that may have kinks (ReLU, max pooling): between smallest_step() and
/// 1e-2, the one at which a product along `direction` and one with twice the step agree best. Over
/// a short step few samples cross a kink, each with a leap of its gradient; over a longer one they
/// average to the curvature that training meets.
[[nodiscard]] double choose_step(GradientSource& source, const Vector& state,
                                 const Vector& direction);
/// Mean gradients that choose_step computes.
inline constexpr std::size_t choice_gradients = 16;

/// The state moved by `distance` along `direction`, which has the length of the parameters; the
/// batch-norm statistics behind them stay.
[[nodiscard]] Vector moved(Vector state, double distance, const Vector& direction);

/// v -> H v for the Hessian of F at `state`: central differences, with a step as above, of
/// gradients on the same samples with the same draws, so that noise cancels. Refers to `source` and
/// `state`.
[[nodiscard]] Product hessian_product(GradientSource& source, const Vector& state, double step);

/// v'H v of `count` independent mini-batches, for a unit vector v.
[[nodiscard]] Vector mini_batch_curvatures(GradientSource& source, const Vector& state, double step,
                                           const Vector& v, std::size_t count);

}  // namespace syncline
