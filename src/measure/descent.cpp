#include "measure/descent.hpp"

#include <algorithm>

#include "measure/hessian.hpp"

namespace syncline {
namespace {

/// Far from the mini-batches that the variance is measured with.
constexpr std::size_t step_batches = std::size_t{1} << 32;

Vector direction_of_step(GradientSource& source, const PathPoint& from, std::uint64_t step) {
  if (source.squared_length(from.gradient) > 0) return from.gradient.value;
  Vector direction;
  source.each_mini_batch(from.state, step_batches + step, 1, [&](std::span<const double> gradient) {
    direction.assign(gradient.begin(), gradient.end());
  });
  return direction;
}

double secant_between(const PathPoint& a, const PathPoint& b, std::size_t dimension,
                      double shortest) {
  const auto from = std::span(a.state).first(dimension), to = std::span(b.state).first(dimension);
  const double distance = std::sqrt(squared_distance<double>(from, to));
  if (distance < shortest * std::max(1.0, norm(from))) return 0;
  return std::sqrt(squared_distance<double>(a.gradient.value, b.gradient.value)) / distance;
}

}  // namespace

DescentPath descend(GradientSource& source, PathPoint start, double step_size, double shortest) {
  DescentPath path;
  path.points.push_back(start);
  PathPoint here = std::move(start);
  std::uint64_t next_kept = 1;
  for (std::uint64_t step = 1; step <= descent_steps; ++step) {
    PathPoint next;
    next.state = moved(here.state, -step_size, direction_of_step(source, here, step));
    next.gradient = source.mean(next.state);
    if (!std::isfinite(next.gradient.loss + norm(next.gradient.value))) break;
    path.secant = std::max(path.secant, secant_between(here, next, source.dimension(), shortest));
    here = std::move(next);
    if (step == next_kept) {
      path.points.push_back(here);
      next_kept *= 2;
    }
  }
  return path;
}

}  // namespace syncline
