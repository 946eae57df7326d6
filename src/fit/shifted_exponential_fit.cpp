#include <algorithm>
#include <cmath>

#include "fit/families.hpp"
#include "fit/shifted_fit.hpp"

namespace syncline {

std::optional<Fitted> fit_shifted_exponential(const Sample& sample) {
  const double unit = sample.unit();
  const ShiftedFit inner = fit_shift(sample.events(), sample.censored());
  Fitted fit{
      "shifted-exponential", inner.log_likelihood - sample.event_count() * std::log(unit), {}};
  fit.parameters.push_back(
      {"shift", inner.shift * unit, std::max(0.0, inner.shift_low * unit), inner.shift * unit});
  fit.parameters.push_back(
      {"rate", inner.rate / unit, inner.rate_low / unit, inner.rate_high / unit});
  return fit;
}

}  // namespace syncline
