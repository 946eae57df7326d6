#include <cmath>

#include "fit/families.hpp"
#include "fit/shifted_fit.hpp"

namespace syncline {

// log X is a shifted exponential: log(scale) plus an exponential time with rate `shape`.
std::optional<Fitted> fit_pareto(const Sample& sample) {
  const auto logarithms = [](std::vector<Weighted> times) {
    for (auto& entry : times) entry.time = std::log(entry.time);
    return times;
  };
  const double unit = sample.unit();
  const ShiftedFit inner = fit_shift(logarithms(sample.events()), logarithms(sample.censored()));
  if (!std::isfinite(inner.rate)) return std::nullopt;
  Fitted fit{"pareto",
             inner.log_likelihood - sample.log_sum() - sample.event_count() * std::log(unit),
             {}};
  fit.parameters.push_back({"scale", std::exp(inner.shift) * unit, std::exp(inner.shift_low) * unit,
                            std::exp(inner.shift) * unit});
  fit.parameters.push_back({"shape", inner.rate, inner.rate_low, inner.rate_high});
  return fit;
}

}  // namespace syncline
