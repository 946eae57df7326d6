#include "measure/curvature.hpp"

#include <algorithm>

#include "measure/hessian.hpp"
#include "measure/intervals.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// No more of the spectrum's width may be missed at either end.
constexpr double largest_miss = 0.1;
/// A curvature this small against the largest can't be told from 0.
constexpr double indistinct = 1e-8;
constexpr std::uint32_t no_worker = 0xfffffffc;

double log_of_odds(std::size_t dimension) {
  return std::log(1.648 * std::sqrt(static_cast<double>(dimension)) / 0.025);
}

/// Curvature of F along one direction, from mini-batches that had no part in choosing it.
MeanOf fresh_curvature(GradientSource& source, const Vector& state, double step,
                       const Vector& direction, std::uint64_t count) {
  return MeanOf(mini_batch_curvatures(source, state, step, direction, count));
}

}  // namespace

Vector random_direction(std::size_t dimension, std::uint64_t seed, std::uint64_t number) {
  DrawStream stream(Stream::bootstrap, {seed, no_worker, number});
  Vector direction(dimension);
  for (double& value : direction) value = stream.normal();
  return direction;
}

std::uint64_t curvature_steps(std::uint64_t directions, std::size_t dimension) {
  const double needed = (log_of_odds(dimension) / std::sqrt(largest_miss) + 1) / 2;
  return std::max(directions, static_cast<std::uint64_t>(std::ceil(needed)));
}

Curvature curvature_at(GradientSource& source, const Vector& state, double step,
                       const MeasureSettings& settings, const Vector& direction) {
  const std::size_t dimension = source.dimension();
  const Krylov krylov = lanczos(hessian_product(source, state, step), direction,
                                curvature_steps(settings.directions, dimension));
  double missed = 0;
  if (!krylov.exhausted) {
    const auto steps = static_cast<double>(krylov.values.size());
    const double share = std::pow(log_of_odds(dimension) / (2 * steps - 1), 2);
    // Of the true width, which both ends may exceed the known one by.
    missed = share / (1 - 2 * share) * (krylov.values.back() - krylov.values.front());
  }
  const double high = krylov.values.back(), low = krylov.values.front();
  Curvature curvature{{high, high, high + missed}, {low, low - missed, low}};
  if (source.unseen() == 0) return curvature;

  const MeanOf top = fresh_curvature(source, state, step, krylov.highest, settings.gradients);
  const MeanOf bottom = fresh_curvature(source, state, step, krylov.lowest, settings.gradients);
  const double t = t_95(settings.gradients - 1);
  // A mean over the subset has error_share() of one sample's variance.
  const double of_one_sample = static_cast<double>(settings.gradients) *
                               static_cast<double>(source.batch()) * source.error_share();
  curvature.highest.lower = std::min(high, top.mean - t * top.error);
  curvature.highest.upper += t * top.error * std::sqrt(of_one_sample);
  curvature.lowest.lower -= t * bottom.error * std::sqrt(of_one_sample);
  curvature.lowest.upper = std::max(low, bottom.mean + t * bottom.error);
  return curvature;
}

MeasuredValue join_smoothness(const std::vector<Curvature>& points, double seen) {
  MeasuredValue joined{seen, 0, seen};
  for (const Curvature& point : points) {
    joined.value = std::max(joined.value, point.highest.value);
    joined.lower = std::max(joined.lower, point.highest.lower);
    joined.upper = std::max(joined.upper, point.highest.upper);
  }
  return joined;
}

std::optional<MeasuredValue> join_convexity(const std::vector<Curvature>& points) {
  MeasuredValue joined = points.front().lowest;
  double highest = 0;
  for (const Curvature& point : points) {
    joined.value = std::min(joined.value, point.lowest.value);
    joined.lower = std::min(joined.lower, point.lowest.lower);
    joined.upper = std::min(joined.upper, point.lowest.upper);
    highest = std::max(highest, point.highest.value);
  }
  if (joined.value <= indistinct * highest) return std::nullopt;
  return from_zero(joined);
}

}  // namespace syncline
