#include "measure/noise_model.hpp"

#include <algorithm>
#include <numeric>

#include "measure/intervals.hpp"

namespace syncline {
namespace {

/// Less than this share of a variance is an effect of rounding.
constexpr double rounding = 1e-12;

double mean_of(const Vector& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// One unbiased guess of the variance of one sample's gradient from each mini-batch.
Vector variances_at(GradientSource& source, const PathPoint& point, std::uint64_t count) {
  // The mean gradient has an error of its own, independent of the mini-batch's.
  const double share = 1 / static_cast<double>(source.batch()) + source.error_share();
  Vector variances;
  source.each_mini_batch(point.state, 0, count, [&](std::span<const double> gradient) {
    variances.push_back(squared_distance<double>(gradient, point.gradient.value) / share);
  });
  return variances;
}

/// Widens the interval of a slope by the relative error of what stands below the fraction.
MeasuredValue widened(MeasuredValue slope, const MeasuredValue& below) {
  if (!(below.value > 0)) return slope;
  const double own = slope.upper - slope.value;
  const double reach = std::hypot(own, slope.value * (below.upper / below.value - 1));
  return {slope.value, slope.value - reach, slope.value + reach};
}

/// Weights a with sum(a y) the least-squares slope of y against x; all 0 where all x are equal.
Vector slope_weights(const Vector& x) {
  const double middle = mean_of(x);
  double spread = 0;
  for (const double value : x) spread += (value - middle) * (value - middle);
  Vector weights;
  for (const double value : x) weights.push_back(spread > 0 ? (value - middle) / spread : 0);
  return weights;
}

}  // namespace

NoiseModel noise_model(GradientSource& source, const std::vector<PathPoint>& points,
                       const MeasuredValue& length2, std::uint64_t count) {
  Vector lengths;
  for (const PathPoint& point : points) {
    lengths.push_back(std::max(0.0, source.squared_length(point.gradient)));
  }
  const Vector weights = slope_weights(lengths);
  Vector at_start, slopes(count);
  for (std::size_t t = 0; t < points.size(); ++t) {
    const Vector variances = variances_at(source, points[t], count);
    if (t == 0) at_start = variances;
    add_scaled(slopes, weights[t], variances);
  }

  NoiseModel model;
  model.variance_at_start = mean_of(at_start);
  model.m_g = widened(MeanOf(slopes).plain(), length2);
  const double largest = *std::max_element(lengths.begin(), lengths.end());
  if (model.m_g.upper * largest < rounding * model.variance_at_start) model.m_g = {};
  // The line must not say that there is less than no noise where the gradient is 0.
  const bool steep = model.m_g.value * lengths.front() > model.variance_at_start;
  if (steep) model.m_g.value = model.variance_at_start / lengths.front();
  if (model.m_g.value > 0) {
    // With each mini-batch's own slope, so that the error of the slope is in that of sigma2.
    Vector intercepts = at_start;
    add_scaled(intercepts, -lengths.front(), slopes);
    model.sigma2 = steep ? MeanOf(intercepts).plain() : MeanOf(intercepts).logarithmic();
  } else {
    model.sigma2 = MeanOf(at_start).logarithmic();
  }
  model.sigma2 = from_zero(model.sigma2);
  model.m_g = from_zero(model.m_g);
  model.m_g.lower = std::min(model.m_g.lower, model.m_g.value);
  return model;
}

MeasuredValue gradient_norm2(GradientSource& source, const PathPoint& point) {
  const double value = source.squared_length(point.gradient);
  if (source.unseen() == 0) return {value, value, value};
  const Vector& mean = point.gradient.value;
  const double length2 = squared_norm<double>(mean);
  const auto n = static_cast<double>(source.chunks());
  Vector without;  // ||mean||^2 with one chunk left out
  source.each_chunk(point.state, [&](std::span<const double> part) {
    const double crossed = inner(mean, part);
    without.push_back((n * n * length2 - 2 * n * crossed + squared_norm<double>(part)) /
                      ((n - 1) * (n - 1)));
  });
  const MeanOf scatter(without);
  // The jackknife's standard error is (n - 1) times that of a mean; what the subset shares with
  // the whole split does not vary.
  const double error = (n - 1) * scatter.error * std::sqrt(source.unseen());
  const double reach = t_95(source.chunks() - 1) * error;
  return from_zero({value, value - reach, value + reach});
}

}  // namespace syncline
