#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "fit/families.hpp"
#include "fit/newton.hpp"
#include "fit/tail_logs.hpp"

namespace syncline {
namespace {

constexpr double largest_shape = 1e9;  // of the law itself

}  // namespace

// The parameters are log(shape) and log(mean), whose estimates are independent without censoring.
std::optional<Fitted> fit_gamma(const Sample& sample) {
  const double events = sample.event_count();
  double sum = 0;
  for (const auto& [time, count] : sample.events()) sum += count * time;
  // log(mean) - mean(log) by logarithms of ratios: for even times the difference would cancel.
  double gap = 0;
  for (const auto& [time, count] : sample.events()) {
    gap -= count * std::log(time / (sum / events)) / events;
  }
  if (!(gap > 0)) return std::nullopt;
  // Thom's approximation to the uncensored estimate (U.S. Weather Bureau, 1958).
  const double start = (1 + std::sqrt(1 + 4 * gap / 3)) / (4 * gap);
  if (start > largest_shape) return std::nullopt;

  const auto at_shape_and_scale = [&](double shape, double scale) {
    if (!(shape > 0 && shape <= largest_shape && scale > 0 && std::isfinite(scale))) {
      return impossible;
    }
    // x^(shape-1) exp(-x/scale) as exp(shape (log(x) - log(scale)) - x/scale) / x.
    double value = shape * (sample.log_sum() - events * std::log(scale)) - sum / scale -
                   events * boost::math::lgamma(shape) - sample.log_sum();
    for (const auto& [time, count] : sample.censored()) {
      value += count * log_gamma_survival(shape, time / scale);
    }
    return value;
  };
  const auto by_mean = [&](const std::vector<double>& at) {
    const double shape = std::exp(at[0]);
    return at_shape_and_scale(shape, std::exp(at[1]) / shape);
  };
  const double error = 1 / std::sqrt(events);
  const auto best = maximise(by_mean, {std::log(start), std::log(sample.exposure() / events)},
                             {error * std::sqrt(2.0), error / std::sqrt(start)});
  if (!best || !best->has_errors()) return std::nullopt;
  const double shape = std::exp(best->at[0]);
  const double scale = std::exp(best->at[1]) / shape;
  const double shape_error = best->error(0);
  // log(scale) = log(mean) - log(shape).
  const auto& covariance = best->covariance;
  const double scale_error = std::sqrt(covariance[0][0] + covariance[1][1] - 2 * covariance[0][1]);
  const double unit = sample.unit();
  Fitted fit{"gamma", best->value - events * std::log(unit), {}};
  fit.parameters.push_back({"shape", shape, shape * std::exp(-normal_95 * shape_error),
                            shape * std::exp(normal_95 * shape_error)});
  fit.parameters.push_back({"scale", scale * unit,
                            scale * unit * std::exp(-normal_95 * scale_error),
                            scale * unit * std::exp(normal_95 * scale_error)});
  return fit;
}

}  // namespace syncline
