#include "theory/cancelled_time.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "theory/cold_start.hpp"
#include "theory/estimate.hpp"
#include "theory/event_count.hpp"

namespace syncline {
namespace {

constexpr std::size_t least_points = 400;
constexpr double points_a_job = 12;
/// Chance that the update lies beyond the grid.
constexpr double left_over = 1e-6;
/// Jobs a worker above which ages at the update are those of the steady state.
constexpr double many = 40;

/// Share of the worker-time that ends in an applied gradient, for rounded times. The j-th job of a
/// worker, ended at t, counts if the others have pushed K - j times at most; it has taken t / j on
/// average, since the first j jobs are exchangeable.
double useful_share(const Groups& groups, std::uint64_t k, double end, std::size_t points,
                    Rounding rounding) {
  const double step = end / static_cast<double>(points);
  const FleetGrid fleet(groups, step, points, rounding, k);
  double elapsed = 0;
  for (std::size_t i = 0; i < points; ++i) elapsed += step * fewer_than(fleet, i, k);
  const std::size_t period = count_period(fleet, points);
  const auto frequencies = period / 2 + 1;
  double useful = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const RenewalGrid& grid = fleet.grids[g];
    const std::size_t jobs = std::min<std::size_t>(grid.jobs(), k);
    // turns[q][j]: sum over n <= K - j of exp(-i f n) / period, doubled for the conjugate
    std::vector<std::vector<std::complex<double>>> turns(frequencies);
    for (std::size_t q = 0; q < frequencies; ++q) {
      const double f = 2 * std::numbers::pi * static_cast<double>(q) / static_cast<double>(period);
      for (std::size_t j = 1; j <= jobs; ++j) {
        const auto terms = static_cast<double>(std::min<std::uint64_t>(k - j + 1, period));
        const double ratio = q == 0 ? terms : std::sin(f * terms / 2) / std::sin(f / 2);
        const double twice = q == 0 || 2 * q == period ? 1 : 2;
        turns[q].push_back(std::polar(1.0, -f * (terms - 1) / 2) * ratio * twice /
                           static_cast<double>(period));
      }
    }
    double sum = 0;
    for (std::size_t q = 0; q < frequencies; ++q) {
      const double f = 2 * std::numbers::pi * static_cast<double>(q) / static_cast<double>(period);
      std::complex<double> before = 1;
      for (std::size_t i = 0; i <= points; ++i) {
        std::complex<double> weight = 0;
        for (std::size_t j = 1; j <= jobs; ++j) {
          const double ended = grid.ended(j, i) - (i == 0 ? 0 : grid.ended(j, i - 1));
          weight += ended / static_cast<double>(j) * turns[q][j - 1];
        }
        const std::complex<double> now = characteristic(fleet, i, f, g);
        // Pushes at the same point of the grid: each order is as likely.
        sum += static_cast<double>(i) * step * (weight * (now + before)).real() / 2;
        before = now;
      }
    }
    useful += static_cast<double>(groups[g].count) * sum;
  }
  return useful / (static_cast<double>(worker_count(groups)) * elapsed);
}

/// Exponential times: (1/(PK)) sum (1 - pi_i)(1 - (1 - pi_i)^K) / pi_i.
double exponential_share(const Groups& groups, double k) {
  double sum = 0;
  for (const auto& group : groups) {
    const double share = 1 / (group.law.mean * total_rate(groups));
    sum += static_cast<double>(group.count) * (1 - share) * -std::expm1(k * std::log1p(-share)) /
           share;
  }
  return sum / (static_cast<double>(worker_count(groups)) * k);
}

/// Many jobs a worker: the mean age at a random moment is E X (1 + cv^2) / 2.
Estimate steady_share(const Groups& groups, std::uint64_t k) {
  const double rate = total_rate(groups);
  double age = 0;
  for (const auto& [law, count] : groups) {
    age +=
        static_cast<double>(count) * (1 - 1 / (law.mean * rate)) * law.mean * (1 + law.cv2()) / 2;
  }
  const double elapsed =
      cold_start_mean(groups, k).value * static_cast<double>(worker_count(groups));
  if (!std::isfinite(age)) {
    return {0, EstimateKind::bound, "jobs have no mean age", 0, 1};
  }
  return within(
      uncertain(age / elapsed, 0.1 * age / elapsed,
                "mean age of the running jobs / E T, many jobs a worker", EstimateKind::asymptotic),
      0, 1);
}

}  // namespace

Estimate batch_cancelled_time(const Groups& groups, std::uint64_t k) {
  const std::uint64_t workers = worker_count(groups);
  const auto p = static_cast<double>(workers);
  const auto wanted = static_cast<double>(k);
  if (workers == 1) return certain(0, "one worker: nothing is cancelled");
  if (k == 1) return certain((p - 1) / p, "K = 1: all but the first are cancelled");
  if (all_exponential(groups)) {
    return certain(exponential_share(groups, wanted),
                   "exponential K-batch-sync: (P-1)(1 - q^K)/K for equal workers");
  }
  if (groups.size() == 1 && groups[0].law.form == LawForm::constant) {
    const double jobs = p * std::ceil(wanted / p);
    return certain((jobs - wanted) / jobs, "equal times: the rest of the last wave");
  }
  if (order_tail_exponent(groups, 1) <= 1) {
    return {0, EstimateKind::bound, "the time per update has no mean", 0, 1};
  }
  if (wanted > many * p) {
    if (finite_means(groups).size() == groups.size()) return steady_share(groups, k);
    return {0, EstimateKind::bound, "jobs have no mean age", 0, 1};
  }
  const double end = cold_start_horizon(groups, k, left_over);
  const auto points = std::max(least_points, static_cast<std::size_t>(points_a_job * wanted / p));
  const double down = useful_share(groups, k, end, points, Rounding::down);
  const double up = useful_share(groups, k, end, points, Rounding::up);
  const double value = 1 - (down + up) / 2;
  Estimate cancelled = uncertain(value, std::abs(up - down) / 2 + 2e-3 * value,
                                 "ages at the K-th of P renewal processes' events, on a grid");
  if (std::any_of(groups.begin(), groups.end(),
                  [](const WorkerGroup& group) { return group.law.has_atoms(); })) {
    // A job that ends at the instant of the update is cancelled at full length.
    cancelled.kind = EstimateKind::approximation;
    cancelled.source += "; made for laws with a density, and this one has none";
    cancelled.lower = 0;
    cancelled.upper = 1;
  }
  return within(cancelled, 0, 1);
}

}  // namespace syncline
