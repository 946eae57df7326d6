#include "theory/async_period.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/tools/toms748_solve.hpp>

#include "delay/law_text.hpp"
#include "syncline/error.hpp"
#include "theory/order_statistic.hpp"
#include "theory/residual_time.hpp"

namespace syncline {
namespace {

/// Terms that are summed one by one before the rest becomes an integral.
constexpr int summed_terms = 400;
constexpr std::uintmax_t most_steps = 200;

bool on_tested_grid(const Groups& groups, std::uint64_t k) {
  if (groups.size() != 1 || groups[0].law.has_atoms()) return false;
  const double cv2 = groups[0].law.cv2();
  const bool few = k <= std::max<std::uint64_t>(2, 3 * groups[0].count / 4);
  return cv2 >= 0.095 && cv2 <= 5.6 && few;
}

}  // namespace

double mean_updates(const LawView& law, double period) {
  if (law.has_atoms()) {
    double sum = 0;
    double done = 0;
    for (const double atom : law.atoms) {
      const double now = law.law->cdf(atom);
      // An atom on a multiple of T is used at that update.
      sum += (now - done) * std::ceil(atom / period * (1 - 1e-12));
      done = now;
    }
    return sum;
  }
  if (law.exponential()) return -1 / std::expm1(-period / law.scale);
  double sum = 0;
  for (int n = 0; n < summed_terms; ++n) {
    const double chance = law.law->survival(n * period);
    sum += chance;
    if (chance < 1e-15 * sum) return sum;
  }
  // Euler and Maclaurin; where so many terms count, the function is smooth on the scale of T.
  const double from = summed_terms * period;
  return sum + survival_integral(law, from) / period + law.law->survival(from) / 2;
}

double async_period(const Groups& groups, std::uint64_t k) {
  const auto wanted = static_cast<double>(k);
  const auto excess = [&](double log_period) {
    double sum = 0;
    for (const auto& group : groups) {
      sum += static_cast<double>(group.count) / mean_updates(group.law, std::exp(log_period));
    }
    return sum - wanted;
  };
  // Nobody waits longer than for ever and nobody less than not at all: T >= K / sum(1 / E X_i).
  double low = std::log(wanted / total_rate(groups)) - 1e-9;
  double high = low + 1;
  while (excess(high) < 0) high += 1;
  while (excess(low) > 0) low -= 1;
  const auto close = [](double a, double b) { return b - a <= 1e-12; };
  std::uintmax_t steps = most_steps;
  const auto [left, right] = boost::math::tools::toms748_solve(excess, low, high, close, steps);
  if (steps >= most_steps) throw InternalError("no period of K-async found");
  return std::exp((left + right) / 2);
}

double finite_fleet_factor(const Groups& groups, std::uint64_t k) {
  std::vector<std::shared_ptr<const DelayLaw>> laws;
  Groups exponential;
  for (const auto& group : groups) {
    laws.push_back(make_delay_law(law_text("exponential", {{"rate", 1 / group.law.mean}})));
    exponential.push_back({view_of(*laws.back()), group.count});
  }
  return order_mean(exponential, k).value / async_period(exponential, k);
}

std::optional<double> async_period_error(const Groups& groups, std::uint64_t k) {
  if (!on_tested_grid(groups, k)) return std::nullopt;
  return 0.8 / static_cast<double>(groups[0].count) + 0.012;
}

std::optional<double> async_fresh_error(const Groups& groups, std::uint64_t k) {
  if (!on_tested_grid(groups, k)) return std::nullopt;
  return 0.5 * std::pow(static_cast<double>(groups[0].count), -0.65);
}

}  // namespace syncline
