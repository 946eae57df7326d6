#include "measure/intervals.hpp"

#include <algorithm>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

namespace syncline {
namespace {

/// Few and long rather than many and short: neighbours depend on each other.
constexpr std::size_t most_batches = 16;

double sum(const Vector& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double squared_deviations(const Vector& values, double mean) {
  double total = 0;
  for (const double value : values) total += (value - mean) * (value - mean);
  return total;
}

/// Sums over batch `index` of `batches`, as equal as can be.
double batch_sum(const Vector& values, std::size_t index, std::size_t batches) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(values.size() * index / batches);
  const auto last =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() * (index + 1) / batches);
  return std::accumulate(first, last, 0.0);
}

}  // namespace

double t_95(std::size_t degrees) {
  const boost::math::students_t law(static_cast<double>(degrees));
  return boost::math::quantile(law, 0.975);
}

MeanOf::MeanOf(const Vector& values) : draws(values.size()) {
  const auto n = static_cast<double>(draws);
  mean = sum(values) / n;
  error = std::sqrt(squared_deviations(values, mean) / (n * (n - 1)));
}

MeasuredValue MeanOf::plain() const {
  const double reach = t_95(draws - 1) * error;
  return {mean, mean - reach, mean + reach};
}

MeasuredValue MeanOf::logarithmic() const {
  if (!(mean > 0)) return plain();
  const double factor = std::exp(t_95(draws - 1) * error / mean);
  return {mean, mean / factor, mean * factor};
}

MeasuredValue ratio_interval(const Vector& above, const Vector& below) {
  const double total_above = sum(above), total_below = sum(below);
  const double value = total_above / total_below;
  const std::size_t batches = std::min(most_batches, above.size());
  Vector without;  // the ratio with one batch left out
  for (std::size_t i = 0; batches >= 2 && i < batches; ++i) {
    const double rest = total_below - batch_sum(below, i, batches);
    if (rest > 0) without.push_back((total_above - batch_sum(above, i, batches)) / rest);
  }
  if (without.size() < 2) return {value, value, value};
  const auto n = static_cast<double>(without.size());
  const double error = std::sqrt((n - 1) / n * squared_deviations(without, sum(without) / n));
  const double reach = t_95(without.size() - 1) * error;
  return {value, value - reach, value + reach};
}

MeasuredValue from_zero(MeasuredValue interval) {
  return {std::max(0.0, interval.value), std::max(0.0, interval.lower),
          std::max(0.0, interval.upper)};
}

}  // namespace syncline
