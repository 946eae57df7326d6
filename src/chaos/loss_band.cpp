#include "chaos/loss_band.hpp"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "base/summary.hpp"

namespace syncline {

LossBand loss_band(std::span<const double> losses, double confidence) {
  const Summary summary = summarise(losses);
  const auto count = static_cast<double>(losses.size());
  const double deviation = summary.standard_error * std::sqrt(count);
  const boost::math::students_t law(count - 1);
  const double t = boost::math::quantile(law, 0.5 + confidence / 2);
  const double half = t * deviation * std::sqrt(1 + 1 / count);
  return {summary.mean, summary.mean - half, summary.mean + half};
}

}  // namespace syncline
