#include <cmath>
#include <numbers>

#include "fit/families.hpp"
#include "fit/newton.hpp"
#include "fit/tail_logs.hpp"

namespace syncline {

// The parameters are mu and log(sigma).
std::optional<Fitted> fit_lognormal(const Sample& sample) {
  const double events = sample.event_count();
  const double mean = sample.log_sum() / events;
  double square = 0;
  for (const auto& [time, count] : sample.events()) {
    square += count * (std::log(time) - mean) * (std::log(time) - mean);
  }
  const double spread = std::sqrt(square / events);
  if (spread == 0) return std::nullopt;
  std::vector<Weighted> censored = sample.censored();
  for (auto& job : censored) job.time = std::log(job.time);

  const auto likelihood = [&](const std::vector<double>& at) {
    const double mu = at[0];
    const double sigma = std::exp(at[1]);
    const double distance = square + events * (mean - mu) * (mean - mu);
    double value = -events * (at[1] + 0.5 * std::log(2 * std::numbers::pi)) - sample.log_sum() -
                   distance / (2 * sigma * sigma);
    for (const auto& [log_time, count] : censored) {
      value += count * log_normal_survival((log_time - mu) / sigma);
    }
    return value;
  };
  const double error = 1 / std::sqrt(events);
  const auto best = maximise(likelihood, {mean, std::log(spread)}, {spread * error, error});
  if (!best || !best->has_errors()) return std::nullopt;
  const double shift = std::log(sample.unit());
  const double mu = best->at[0] + shift;
  const double sigma = std::exp(best->at[1]);
  Fitted fit{"lognormal", best->value - events * shift, {}};
  fit.parameters.push_back(
      {"mu", mu, mu - normal_95 * best->error(0), mu + normal_95 * best->error(0)});
  fit.parameters.push_back({"sigma", sigma, sigma * std::exp(-normal_95 * best->error(1)),
                            sigma * std::exp(normal_95 * best->error(1))});
  return fit;
}

}  // namespace syncline
