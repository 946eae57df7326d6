#include <cmath>

#include "fit/families.hpp"

namespace syncline {
namespace {

// Differences of clock readings are rounded: far above that, far below any real spread.
constexpr double tolerance = 1e-6;

}  // namespace

std::optional<Fitted> fit_constant(const Sample& sample) {
  if (sample.events().empty()) return std::nullopt;
  const double low = sample.events().front().time;
  const double high = sample.events().back().time;
  if (high - low > tolerance * low) return std::nullopt;
  if (!sample.censored().empty() && sample.censored().back().time > high * (1 + tolerance)) {
    return std::nullopt;
  }
  // Jobs of one length have probability 1 under the law: log-likelihood 0, as a discrete law.
  const double unit = sample.unit();
  Fitted fit{"constant", 0, {}};
  const double value =
      low == high ? low : sample.exposure() / (sample.event_count() + sample.censored_count());
  fit.parameters.push_back({"value", value * unit, low * unit, high * unit});
  return fit;
}

}  // namespace syncline
