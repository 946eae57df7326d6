#include "fit/shifted_fit.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

namespace syncline {
namespace {

/// The shift s at which the sum over all jobs of their time between s and `shortest` is `area`.
double shift_with_area(double area, double shortest, double longer,
                       const std::vector<Weighted>& censored) {
  // Down from the shortest complete job, jobs cancelled earlier join those at risk.
  double at_risk = longer;
  double shift = shortest;
  for (auto job = censored.rbegin(); job != censored.rend(); ++job) {
    if (job->time < shortest) {
      const double step = (shift - job->time) * at_risk;
      if (step >= area) break;
      area -= step;
      shift = job->time;
    }
    at_risk += job->count;
  }
  return shift - area / at_risk;
}

}  // namespace

std::pair<double, double> rate_interval(double events, double exposure) {
  return {boost::math::gamma_p_inv(events, 0.025) / exposure,
          boost::math::gamma_p_inv(events, 0.975) / exposure};
}

ShiftedFit fit_shift(const std::vector<Weighted>& events, const std::vector<Weighted>& censored) {
  ShiftedFit fit;
  fit.shift = events.front().time;
  double count = 0;
  double above = 0;
  for (const auto& [time, n] : events) {
    count += n;
    above += n * (time - fit.shift);
  }
  for (const auto& [time, n] : censored) above += n * std::max(0.0, time - fit.shift);
  fit.rate = count / above;
  fit.log_likelihood = count * std::log(fit.rate) - count;
  const double freedom = count - 1;
  std::tie(fit.rate_low, fit.rate_high) = rate_interval(freedom, above);
  // The quantile of F(2, 2 nu) is closed: P(F > f) = (1 + f / nu)^-nu.
  const double area = above * std::expm1(-std::log(0.05) / freedom);
  fit.shift_low = shift_with_area(area, fit.shift, count, censored);
  return fit;
}

}  // namespace syncline
