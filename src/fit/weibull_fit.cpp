#include <algorithm>
#include <cmath>

#include "fit/families.hpp"
#include "fit/newton.hpp"

namespace syncline {

// With the parameters log(shape) and log(scale), z = (x / scale)^shape: a complete job adds
// log(shape) + shape log(x / scale) - log x - z, a censored one -z. For a given shape the best
// scale is closed, (sum of x^shape / complete jobs)^(1/shape), so the profile has one parameter.
std::optional<Fitted> fit_weibull(const Sample& sample) {
  const double events = sample.event_count();
  std::vector<Weighted> logs = sample.events();
  logs.insert(logs.end(), sample.censored().begin(), sample.censored().end());
  double longest = 0;
  for (auto& job : logs) {
    job.time = std::log(job.time);
    longest = std::max(longest, job.time);
  }
  // sum of x^shape = exp(shape longest) * this, which can't overflow.
  const auto power_sum = [&](double shape) {
    double sum = 0;
    for (const auto& [log_time, count] : logs)
      sum += count * std::exp(shape * (log_time - longest));
    return sum;
  };
  const auto log_scale = [&](double shape) {
    return longest + std::log(power_sum(shape) / events) / shape;
  };
  const auto profile = [&](const std::vector<double>& at) {
    const double shape = std::exp(at[0]);
    if (!std::isfinite(shape) || shape == 0) return impossible;
    return events * (at[0] - shape * log_scale(shape) - 1) + (shape - 1) * sample.log_sum();
  };
  // The spread of log X is pi / (sqrt(6) shape).
  const double mean_log = sample.log_sum() / events;
  double spread = 0;
  for (const auto& [time, count] : sample.events()) {
    spread += count * (std::log(time) - mean_log) * (std::log(time) - mean_log);
  }
  spread = std::sqrt(spread / events);
  if (spread == 0) return std::nullopt;
  const auto best = maximise(profile, {std::log(1.28 / spread)}, {1 / std::sqrt(events)});
  if (!best || !best->has_errors()) return std::nullopt;
  const double shape = std::exp(best->at[0]);
  const double middle = log_scale(shape);

  // The error of log(scale) needs both parameters; at the maximum the information is closed, with
  // L = shape log(x / scale): sums over all jobs of z, z L and z L^2.
  double z_sum = 0;
  double zl_sum = 0;
  double zll_sum = 0;
  for (const auto& [log_time, count] : logs) {
    const double l = shape * (log_time - middle);
    const double z = count * std::exp(l);
    z_sum += z;
    zl_sum += z * l;
    zll_sum += z * l * l;
  }
  // In (log shape, shape log scale); the derivative of the events' term vanishes at the maximum.
  double event_l = 0;
  for (const auto& [time, count] : sample.events()) {
    event_l += count * shape * (std::log(time) - middle);
  }
  const double aa = zll_sum + zl_sum - event_l;
  const double ab = -(zl_sum + z_sum - events);
  const double bb = z_sum;
  const double determinant = aa * bb - ab * ab;
  if (!(determinant > 0)) return std::nullopt;
  const double scale_error = std::sqrt(aa / determinant) / shape;
  const double shape_error = std::sqrt(bb / determinant);

  const double unit = sample.unit();
  Fitted fit{"weibull", best->value - events * std::log(unit), {}};
  const double scale = std::exp(middle) * unit;
  fit.parameters.push_back({"shape", shape, shape * std::exp(-normal_95 * shape_error),
                            shape * std::exp(normal_95 * shape_error)});
  fit.parameters.push_back({"scale", scale, scale * std::exp(-normal_95 * scale_error),
                            scale * std::exp(normal_95 * scale_error)});
  return fit;
}

}  // namespace syncline
