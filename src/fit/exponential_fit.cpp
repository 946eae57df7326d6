#include <cmath>

#include "fit/families.hpp"
#include "fit/shifted_fit.hpp"

namespace syncline {

std::optional<Fitted> fit_exponential(const Sample& sample) {
  const double events = sample.event_count();
  const double unit = sample.unit();
  const double rate = events / sample.exposure();
  const auto [low, high] = rate_interval(events, sample.exposure());
  Fitted fit{"exponential", events * std::log(rate) - events, {}};
  fit.log_likelihood -= events * std::log(unit);
  fit.parameters.push_back({"rate", rate / unit, low / unit, high / unit});
  return fit;
}

}  // namespace syncline
