#include "theory/residual_time.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "theory/decreasing_integral.hpp"

namespace syncline {
namespace {

using Quiet = boost::math::policies::policy<
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>>;

double step_integral(const LawView& law, double from) {
  double sum = 0;
  double t = from;
  for (auto atom = std::upper_bound(law.atoms.begin(), law.atoms.end(), from);
       atom != law.atoms.end(); ++atom) {
    sum += (*atom - t) * law.law->survival(t);
    t = *atom;
  }
  return sum;
}

double edge(Rounding rounding, std::size_t i, double step) {
  const double offset = rounding == Rounding::down ? 1 : rounding == Rounding::nearest ? 0.5 : 0;
  return (static_cast<double>(i) + offset) * step;
}

}  // namespace

double survival_integral(const LawView& law, double from) {
  if (std::isinf(law.mean)) return law.mean;
  if (law.has_atoms()) return step_integral(law, from);
  switch (law.form) {
    case LawForm::exponential:
    case LawForm::shifted_exponential:
      if (from < law.shift) return law.mean - from;
      return law.scale * law.law->survival(from);
    case LawForm::pareto:
      if (from < law.scale) return law.mean - from;
      return from * law.law->survival(from) / (law.shape - 1);
    case LawForm::uniform: {
      if (from < law.shift) return law.mean - from;
      const double left = law.law->survival(from);
      return law.scale * left * left / 2;
    }
    case LawForm::weibull: {
      const double hazard = std::pow(from / law.scale, law.shape);
      return law.mean * boost::math::gamma_q(1 / law.shape, hazard, Quiet());
    }
    case LawForm::gamma: {
      // E[X; X > a] is the mean times the survival function of one more stage.
      const double beyond =
          law.mean * boost::math::gamma_q(law.shape + 1, from / law.scale, Quiet());
      return std::max(beyond - from * law.law->survival(from), 0.0);
    }
    case LawForm::lognormal: {
      if (!(from > 0)) return law.mean;
      const double deviations = (std::log(from) - law.mu) / law.sigma - law.sigma;
      const double beyond = law.mean * std::erfc(deviations / std::numbers::sqrt2) / 2;
      return std::max(beyond - from * law.law->survival(from), 0.0);
    }
    case LawForm::hyperexponential:
      return law.chance * law.mean1 * std::exp(-from / law.mean1) +
             (1 - law.chance) * law.mean2 * std::exp(-from / law.mean2);
    default:
      return integrate_decreasing({{law, 1}}, from, law.tail_exponent,
                                  [&](double t) { return law.law->survival(t); })
          .value;
  }
}

double residual_survival(const LawView& law, double x) {
  return std::min(survival_integral(law, x) / law.mean, 1.0);
}

std::vector<double> residual_survivals(const LawView& law, double step, std::size_t size,
                                       Rounding rounding) {
  // Backwards from the last edge, by a rule that is exact far below the grid's own error.
  std::vector<double> values(size);
  double sum = survival_integral(law, edge(rounding, size - 1, step));
  const auto survival = [&](double t) { return law.law->survival(t); };
  for (std::size_t i = size; i-- > 0;) {
    values[i] = std::min(sum / law.mean, 1.0);
    if (i == 0) break;
    const double low = edge(rounding, i - 1, step);
    if (law.has_atoms()) {
      sum = step_integral(law, low);
    } else {
      sum += boost::math::quadrature::gauss<double, 7>::integrate(survival, low, low + step);
    }
  }
  return values;
}

}  // namespace syncline
