#include "measure/hessian.hpp"

#include <algorithm>
#include <limits>

namespace syncline {
namespace {

/// The length of a step at one point.
double length_of_step(const Vector& state, std::size_t dimension, double step) {
  return step * std::max(1.0, norm(std::span(state).first(dimension)));
}

}  // namespace

double smallest_step() { return std::cbrt(std::numeric_limits<double>::epsilon()); }

double choose_step(GradientSource& source, const Vector& state, const Vector& direction) {
  double best = smallest_step();
  if (source.samples() == 0) return best;  // formulas have no kinks
  double least = std::numeric_limits<double>::infinity();
  for (const double step : {smallest_step(), 1e-4, 1e-3, 1e-2}) {
    const Vector near = hessian_product(source, state, step)(direction);
    const Vector far = hessian_product(source, state, 2 * step)(direction);
    const double disagreement = std::sqrt(squared_distance<double>(near, far)) / norm(far);
    if (disagreement < least) {
      least = disagreement;
      best = step;
    }
  }
  return best;
}

Vector moved(Vector state, double distance, const Vector& direction) {
  add_scaled(std::span(state).first(direction.size()), distance, direction);
  return state;
}

Product hessian_product(GradientSource& source, const Vector& state, double step) {
  return [&source, &state, step](const Vector& v) {
    const double reach = length_of_step(state, v.size(), step) / norm(v);
    Vector product = source.mean(moved(state, reach, v)).value;
    add_scaled(product, -1, source.mean(moved(state, -reach, v)).value);
    refuse_unless_finite(norm(product));
    scale(product, 1 / (2 * reach));
    return product;
  };
}

Vector mini_batch_curvatures(GradientSource& source, const Vector& state, double step,
                             const Vector& v, std::size_t count) {
  const double reach = length_of_step(state, v.size(), step);
  Vector curvatures;
  source.each_mini_batch(moved(state, reach, v), 0, count, [&](std::span<const double> gradient) {
    curvatures.push_back(inner(v, gradient) / (2 * reach));
  });
  std::size_t i = 0;
  source.each_mini_batch(moved(state, -reach, v), 0, count, [&](std::span<const double> gradient) {
    curvatures[i++] -= inner(v, gradient) / (2 * reach);
  });
  return curvatures;
}

}  // namespace syncline
