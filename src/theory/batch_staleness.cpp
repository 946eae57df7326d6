#include "theory/batch_staleness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "theory/decreasing_integral.hpp"
#include "theory/estimate.hpp"
#include "theory/event_count.hpp"
#include "theory/residual_time.hpp"

namespace syncline {
namespace {

constexpr std::size_t fresh_points = 640;
/// K over P from which on the mean staleness tells the share of fresh gradients.
constexpr double many = 40;
constexpr std::size_t law_points = 1200;
/// Complex multiplications that one distribution may take.
constexpr double most_work = 6e7;
constexpr std::size_t fewest_points = 80;
/// Length of a job, in mean times, up to which the distribution is followed, and the chance of a
/// longer one for laws that have hardly any.
constexpr double longest_job = 12;
constexpr double left_over = 1e-5;
/// Pushes during such a job, above which the distribution is not worth its time.
constexpr double most_pushes = 15000;

/// Share of the gradients that come from one group.
double share(const Groups& groups, std::size_t g) {
  return static_cast<double>(groups[g].count) / groups[g].law.mean / total_rate(groups);
}

/// Chances of N = 0, 1, ..., `size` - 1 for X up to the end of the grid; longer jobs are left out.
std::vector<double> pushes_during_job(const Groups& groups, double end, std::size_t points,
                                      std::size_t size) {
  const double step = end / static_cast<double>(points);
  const FleetGrid fleet(groups, step, points, Rounding::nearest, size, true);
  const std::size_t frequencies = count_period(fleet, points);
  const auto turn = [&](std::size_t q) {
    return 2 * std::numbers::pi * static_cast<double>(q) / static_cast<double>(frequencies);
  };
  std::vector<std::complex<double>> mean(frequencies / 2 + 1);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<double> weights;
    double below = 0;
    for (std::size_t i = 0; i <= points; ++i) {
      const double now = groups[g].law.law->cdf((static_cast<double>(i) + 0.5) * step);
      weights.push_back((now - below) * share(groups, g));
      below = now;
    }
    for (std::size_t q = 0; q < mean.size(); ++q) {
      std::complex<double> before = 1;
      for (std::size_t i = 0; i <= points; ++i) {
        const std::complex<double> now = characteristic(fleet, i, turn(q), g);
        // Pushes that are rounded to the end of the job come before it in half of all cases.
        mean[q] += weights[i] * (now + before) / 2.0;
        before = now;
      }
    }
  }
  std::vector<double> chances(std::min(size, frequencies));
  for (std::size_t q = 0; q < mean.size(); ++q) {
    const bool single = q == 0 || 2 * q == frequencies;
    std::complex<double> term = mean[q] * ((single ? 1.0 : 2.0) / static_cast<double>(frequencies));
    const std::complex<double> step_back = std::polar(1.0, -turn(q));
    for (double& chance : chances) {
      chance += term.real();
      term *= step_back;
    }
  }
  for (double& chance : chances) chance = std::max(chance, 0.0);
  return chances;
}

/// Points of a grid that take no more than most_work: jobs a worker x counts of all x points.
std::size_t affordable_points(const Groups& groups, double end, std::size_t wanted) {
  double jobs = 20;
  for (const auto& group : groups) jobs += end / group.law.law->quantile(0.5);
  const double counts = end * total_rate(groups) + 50;
  const double affordable = most_work / (jobs * counts);
  return affordable < static_cast<double>(wanted) ? static_cast<std::size_t>(affordable) : wanted;
}

struct FreshGrid {
  double value = 0;
  double missed = 0;  ///< chance of a longer job
};

FreshGrid fresh_on_grid(const Groups& groups, std::uint64_t k, double end, std::size_t points) {
  const auto chances = pushes_during_job(groups, end, points, k);
  FreshGrid fresh;
  for (std::size_t m = 0; m < chances.size(); ++m) {
    fresh.value += chances[m] * static_cast<double>(k - m) / static_cast<double>(k);
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    fresh.missed += share(groups, g) * groups[g].law.law->survival(end);
  }
  // A longer job lets at most as many off as have still not been overtaken at the end.
  const double step = end / static_cast<double>(points);
  fresh.missed *=
      fewer_than(FleetGrid(groups, step, points, Rounding::nearest, k, true), points, k);
  return fresh;
}

/// K = 1: the chance that no other worker pushes during the job, integral of the product of the
/// others' S_e over dF.
Estimate async_fresh_fraction(const Groups& groups) {
  constexpr double edges[] = {1e-14, 1e-11, 1e-8, 1e-5,  1e-3,     0.02,     0.1,      0.3,
                              0.6,   0.9,   0.98, 0.999, 1 - 1e-5, 1 - 1e-8, 1 - 1e-12};
  double sum = 0;
  double error = 1e-9;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto alone = [&](double u) {
      const double x = groups[g].law.law->quantile(u);
      double chance = 1;
      for (std::size_t other = 0; other < groups.size() && chance > 0; ++other) {
        const auto count = static_cast<double>(groups[other].count - (other == g ? 1 : 0));
        if (count > 0) chance *= std::pow(residual_survival(groups[other].law, x), count);
      }
      return chance;
    };
    const Integral mean = integrate_between(edges, alone, 1e-9);
    sum += share(groups, g) * mean.value;
    error += share(groups, g) * mean.error;
  }
  return within(uncertain(sum, error,
                          "integral of the product of the others' S_e over dF; S_e: residual time "
                          "of a renewal process"),
                0, 1);
}

}  // namespace

Estimate batch_fresh_fraction(const Groups& groups, std::uint64_t k) {
  if (k == 1) return async_fresh_fraction(groups);
  const auto workers = static_cast<double>(worker_count(groups));
  const auto wanted = static_cast<double>(k);
  // The mean staleness, (P-1)/K, is at least the share of stale gradients.
  const double stale = (workers - 1) / wanted;
  if (wanted > many * workers) {
    return within(
        {1 - stale, EstimateKind::asymptotic, "1 - (P-1)/K: hardly any gradient misses two updates",
         1 - stale, 1 - 0.8 * stale},
        0, 1);
  }
  double longest = 0;
  for (const auto& group : groups) {
    longest = std::max(longest, group.law.law->quantile(1 - 1e-9));
  }
  // By then the others have pushed three times as often as would make the gradient stale.
  const double late = 3 * (wanted + 10 * std::sqrt(wanted) + 20) / total_rate(groups);
  const double end = std::min(longest * 1.001, late);
  const std::size_t points =
      2 * std::max(fewest_points / 2, affordable_points(groups, end, fresh_points) / 2);
  const FreshGrid coarse = fresh_on_grid(groups, k, end, points / 2);
  const FreshGrid fine = fresh_on_grid(groups, k, end, points);
  Estimate fresh =
      uncertain(fine.value, std::abs(fine.value - coarse.value) + fine.missed + 1e-6,
                "E max(K - N, 0) / K, N: stationary renewals of the others, on a grid");
  double shortest = infinite;
  for (const auto& group : groups) shortest = std::min(shortest, group.law.law->quantile(0.5));
  if (end / static_cast<double>(points) > shortest / 4) {
    // Many jobs are shorter than a step of the grid, and its errors say nothing.
    fresh.kind = EstimateKind::approximation;
    fresh.source += " that is too coarse for so uneven times";
    fresh.lower = 0;
    fresh.upper = 1;
  }
  return within(fresh, std::max(0.0, 1 - stale), 1);
}

std::vector<double> batch_staleness_chances(const Groups& groups, std::uint64_t k) {
  double longest = 0;
  double slowest = 0;
  for (const auto& group : groups) {
    longest = std::max(longest, group.law.law->quantile(1 - left_over));
    slowest = std::max(slowest, group.law.mean);
  }
  const double end = std::min(longest, longest_job * slowest);
  const double rate = total_rate(groups);
  const double pushes = end * rate;
  if (pushes > most_pushes) return {};
  const auto size = (static_cast<std::size_t>(pushes + 6 * std::sqrt(pushes) + 20) / k + 1) * k;
  const std::size_t points = affordable_points(groups, end, law_points);
  if (points < fewest_points) return {};
  const std::vector<double> chances = pushes_during_job(groups, end, points, size);
  std::vector<double> pmf(std::max<std::size_t>(size / k, 2), 0.0);
  for (std::size_t m = 0; m < chances.size(); ++m) {
    // r + m crosses the next multiple of K for m mod K of the K values of r.
    const double over = static_cast<double>(m % k) / static_cast<double>(k);
    pmf[m / k] += chances[m] * (1 - over);
    if (m / k + 1 < pmf.size()) pmf[m / k + 1] += chances[m] * over;
  }
  while (pmf.size() > 1 && pmf.back() < 1e-9) pmf.pop_back();
  return pmf;
}

}  // namespace syncline
