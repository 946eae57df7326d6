#include "theory/order_statistic.hpp"

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "syncline/error.hpp"
#include "theory/decreasing_integral.hpp"
#include "theory/done_count.hpp"
#include "theory/estimate.hpp"

namespace syncline {
namespace {

/// 1/(P-k+1) + ... + 1/P, from the small terms up.
double harmonic_difference(std::uint64_t workers, std::uint64_t k) {
  double sum = 0;
  for (std::uint64_t i = workers; i > workers - k; --i) sum += 1 / static_cast<double>(i);
  return sum;
}

/// Gamma(P+1) Gamma(P-k+1-1/a) / (Gamma(P-k+1) Gamma(P+1-1/a)), as two ratios of near values.
double pareto_factor(double workers, double k, double shape) {
  using boost::math::tgamma_delta_ratio;
  const double step = 1 / shape;
  return tgamma_delta_ratio(workers - k + 1 - step, step) /
         tgamma_delta_ratio(workers + 1 - step, step);
}

std::optional<Estimate> closed_form(const LawView& law, std::uint64_t workers, std::uint64_t k) {
  const auto p = static_cast<double>(workers);
  const auto rank = static_cast<double>(k);
  const std::string order = ", Lemma 3: mean of the K-th of P ";
  switch (law.form) {
    case LawForm::exponential:
    case LawForm::shifted_exponential:
      return certain(law.shift + law.scale * harmonic_difference(workers, k),
                     paper + order + "exponential times, (H_P - H_{P-K}) / rate");
    case LawForm::pareto:
      return certain(law.scale * pareto_factor(p, rank, law.shape), paper + order + "Pareto times");
    case LawForm::uniform:
      return certain(law.shift + law.scale * rank / (p + 1), paper + order + "uniform times");
    case LawForm::constant:
      return certain(law.mean, paper + order + "equal times");
    case LawForm::weibull:
      if (k != 1) return std::nullopt;
      return certain(law.mean * std::pow(p, -1 / law.shape),
                     paper + order + "Weibull times, K = 1");
    default:
      return std::nullopt;
  }
}

}  // namespace

Estimate order_mean(const Groups& groups, std::uint64_t k) {
  const std::uint64_t workers = worker_count(groups);
  if (k < 1 || k > workers) throw InternalError("an order statistic outside 1..P");
  const double tail = order_tail_exponent(groups, k);
  if (tail <= 1) return certain(infinite, std::string(paper) + ", Lemma 3: the mean is infinite");
  if (groups.size() == 1) {
    if (workers == 1) return certain(groups[0].law.mean, "the mean time");
    if (auto known = closed_form(groups[0].law, workers, k)) return *known;
  }
  if (k == 1 && all_exponential(groups)) {
    return certain(1 / total_rate(groups), std::string(paper) + ", Lemma 3: the first of P");
  }
  const Integral mean = integrate_decreasing(
      groups, 0, tail, [&](double t) { return DoneCount(groups, t).at_most(k - 1); });
  return uncertain(mean.value, mean.error,
                   std::string(paper) + ", Lemma 3: quadrature of P(fewer than K of P are done)");
}

Integral order_mean_sum(const Groups& groups, std::uint64_t k) {
  return integrate_decreasing(groups, 0, order_tail_exponent(groups, k),
                              [&](double t) { return DoneCount(groups, t).mean_missing(k); });
}

Estimate order_statistic_mean(const DelayProfile& fleet, std::uint64_t k) {
  return order_mean(groups_of(fleet), k);
}

}  // namespace syncline
