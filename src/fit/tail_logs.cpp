#include "fit/tail_logs.hpp"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/gamma.hpp>

namespace syncline {
namespace {

// Underflow gives 0, which the asymptotic forms below take over from. Without promotion to long
// double the fit of a gamma law is five times faster.
using Quiet = boost::math::policies::policy<
    boost::math::policies::promote_double<false>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>>;

}  // namespace

double log_normal_survival(double z) {
  if (z < 30) return std::log(0.5 * std::erfc(z / std::numbers::sqrt2));
  // DLMF 7.12.1: the next term is 15 / z^6, below 3e-8.
  const double s = 1 / (z * z);
  return -z * z / 2 - std::log(z * std::sqrt(2 * std::numbers::pi)) + std::log1p(-s + 3 * s * s);
}

double log_gamma_survival(double shape, double x) {
  const double q = boost::math::gamma_q(shape, x, Quiet());
  if (q > 1e-290) return std::log(q);
  // DLMF 8.9.2, the continued fraction of Legendre, by the method of Lentz; x is far above shape.
  double b = x + 1 - shape;
  double c = 1e300;
  double d = 1 / b;
  double h = d;
  for (int i = 1; i < 500; ++i) {
    const double a = -i * (i - shape);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    h *= d * c;
    if (std::fabs(d * c - 1) < 1e-15) break;
  }
  return shape * std::log(x) - x - boost::math::lgamma(shape) + std::log(h);
}

}  // namespace syncline
