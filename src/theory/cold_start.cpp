#include "theory/cold_start.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syncline/error.hpp"
#include "theory/ageing_of_groups.hpp"
#include "theory/estimate.hpp"
#include "theory/event_count.hpp"
#include "theory/order_statistic.hpp"

namespace syncline {
namespace {

/// Points of the grids: enough for all jobs, and for each of them.
constexpr double coarse_points_a_job = 8;
constexpr double fine_points_a_job = 40;
/// Chance that the n-th job has not ended by the end of the grid. A heavy tail is cut earlier, for
/// else the grid would be coarse; what lies beyond is then known from the exponent.
constexpr double left_over_of_light = 1e-8;
constexpr double left_over_of_heavy = 1e-5;
constexpr double heavy_exponent = 10;
/// Jobs a worker, above which the limit is closer than a grid can be.
constexpr double many = 60;

/// Even, so that it can be halved.
std::size_t points_for(const Groups& groups, std::uint64_t n, double a_job, std::size_t least) {
  const double jobs = static_cast<double>(n) / static_cast<double>(worker_count(groups));
  return std::max(least, 2 * static_cast<std::size_t>(a_job * jobs / 2));
}

struct GridMean {
  double value = 0;
  double rest = 0;  ///< P(T > end of the grid)
};

/// E[T_n] up to the end of the grid: T is a multiple of the step, so the sum is exact for the
/// rounded times.
GridMean grid_mean(const Groups& groups, std::uint64_t n, double horizon, std::size_t points,
                   Rounding rounding) {
  const double step = horizon / static_cast<double>(points);
  const FleetGrid fleet(groups, step, points, rounding, n);
  GridMean mean;
  mean.rest = fewer_than(fleet, points, n);
  // P(T > t) falls: whole stretches where it is 1 or as small as at the end need no evaluation.
  std::size_t sure = 0;
  for (std::size_t width = points / 2; width > 0; width /= 2) {
    while (sure + width < points && fewer_than(fleet, sure + width, n) >= 1 - 1e-13) sure += width;
  }
  double sum = static_cast<double>(sure);
  for (std::size_t i = sure; i < points; ++i) {
    const double chance = fewer_than(fleet, i, n);
    sum += chance;
    if (chance <= mean.rest) break;
  }
  mean.value = sum * step;
  return mean;
}

/// Constant times: the workers' jobs end at known times.
double constant_mean(const Groups& groups, std::uint64_t n) {
  const auto done_by = [&](double t) {
    double sum = 0;
    for (const auto& group : groups) {
      // A job that ends at t itself counts; t is a multiple of some worker's time.
      sum += static_cast<double>(group.count) * std::floor(t / group.law.mean * (1 + 1e-12));
    }
    return sum;
  };
  double earliest = infinite;
  for (const auto& group : groups) {
    double low = 0;
    double high = static_cast<double>(n);
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      // Beyond 2^53 whole numbers have gaps.
      if (!(middle > low && middle < high)) break;
      (done_by(middle * group.law.mean) >= static_cast<double>(n) ? high : low) = middle;
    }
    if (done_by(high * group.law.mean) >= static_cast<double>(n)) {
      earliest = std::min(earliest, high * group.law.mean);
    }
  }
  return earliest;
}

/// By how much a cold start is longer in the end, by Wald's identity with stationary residual
/// times.
double lasting_delay(const Groups& groups) {
  const double rate = total_rate(groups);
  double sum = 0;
  for (const auto& [law, count] : groups) {
    sum += static_cast<double>(count) * (1 - 1 / (law.mean * rate)) * (1 - law.cv2()) / 2;
  }
  return sum / rate;
}

/// The limit of many jobs. The upper end is Wald's identity with residual times left out; the lower
/// one takes the residual times at Lorden's bound, E X (1 + cv^2), or at E X where jobs age.
Estimate limit(const Groups& groups, double n) {
  const double rate = total_rate(groups);
  double least = 0;
  for (const auto& [law, count] : groups) {
    const double weight = static_cast<double>(count) * (1 - 1 / (law.mean * rate));
    const AgeingClass ageing = ageing_of({{law, 1}});
    const bool younger_is_longer = ageing.nbu && !ageing.numeric;
    if (!younger_is_longer) least -= weight * law.cv2();
  }
  const auto workers = static_cast<double>(worker_count(groups));
  const double upper = (n + workers - 1) / rate;
  const double lower = std::isfinite(least) ? std::max(0.0, (n + least) / rate) : 0;
  const double delay = lasting_delay(groups);
  return within(
      {n / rate + (std::isfinite(delay) ? delay : 0), EstimateKind::asymptotic,
       std::string(paper) + ", Lemma 4, with the limit of the start-up by Wald's identity", lower,
       upper},
      lower, upper);
}

Estimate on_grid(const Groups& groups, std::uint64_t n) {
  const double tail = order_tail_exponent(groups, 1);
  const double horizon = cold_start_horizon(
      groups, n, tail < heavy_exponent ? left_over_of_heavy : left_over_of_light);
  const std::size_t fine_points = points_for(groups, n, fine_points_a_job, 768);
  const auto mean = [&](std::size_t points, Rounding rounding) {
    return grid_mean(groups, n, horizon, points, rounding);
  };
  const GridMean low = mean(fine_points, Rounding::down);
  const GridMean high = mean(fine_points, Rounding::up);
  const double rest = std::isinf(tail) ? horizon * high.rest : horizon * high.rest / (tail - 1);
  double value = (low.value + high.value) / 2;
  double error = high.value - value;
  const bool smooth = std::none_of(groups.begin(), groups.end(),
                                   [](const WorkerGroup& group) { return group.law.has_atoms(); });
  if (smooth) {
    // The error of the middle is of second order in the step.
    const double coarse =
        (mean(fine_points / 2, Rounding::down).value + mean(fine_points / 2, Rounding::up).value) /
        2;
    value += (value - coarse) / 3;
    error = std::abs(value - coarse) + 1e-5 * value;
  }
  const double beyond = std::isinf(tail) ? 0 : rest;
  const Estimate time = uncertain(
      value + beyond, error + 2 * rest,
      "n-th event of P renewal processes from a cold start, on a grid, which is exact for "
      "times rounded down and up");
  return within(time, low.value, high.value + 2 * rest);
}

}  // namespace

double cold_start_horizon(const Groups& groups, std::uint64_t n, double left_over) {
  // Any worker alone would make n jobs sooner or later: begin near the median of the fastest.
  double horizon = infinite;
  for (const auto& group : groups) {
    horizon =
        std::min(horizon, group.law.law->quantile(0.5) *
                              (1 + static_cast<double>(n) / static_cast<double>(group.count)));
  }
  const std::size_t points = points_for(groups, n, coarse_points_a_job, 64);
  const auto unfinished = [&](double end) {
    const FleetGrid fleet(groups, end / static_cast<double>(points), points, Rounding::up, n);
    return fewer_than(fleet, points, n);
  };
  const double guess = horizon;
  while (unfinished(horizon) > left_over && horizon < 1e290) horizon *= 1.5;
  if (horizon > guess) return horizon;
  while (horizon > 1e-290 && unfinished(horizon / 1.5) <= left_over) horizon /= 1.5;
  return horizon;
}

Estimate cold_start_mean(const Groups& groups, std::uint64_t n) {
  const auto count = static_cast<double>(n);
  const std::uint64_t workers = worker_count(groups);
  if (order_tail_exponent(groups, 1) <= 1) {
    return certain(infinite, "no job need ever end: the mean is infinite");
  }
  if (n == 1) return order_mean(groups, 1);
  if (workers == 1) return certain(count * groups[0].law.mean, "one worker: K mean times");
  if (all_exponential(groups)) {
    return certain(count / total_rate(groups),
                   std::string(paper) + ", 4.1: K / (sum of rates), Erlang");
  }
  const bool constant = std::all_of(groups.begin(), groups.end(), [](const WorkerGroup& group) {
    return group.law.form == LawForm::constant;
  });
  if (constant) {
    return certain(constant_mean(groups, n), "equal times: counted, d ceil(K/P) if all are alike");
  }
  const bool means = finite_means(groups).size() == groups.size();
  if (count > many * static_cast<double>(workers)) {
    if (means) return limit(groups, count);
    // A grid for so many jobs would take for ever.
    const auto fewer = static_cast<std::uint64_t>(many) * workers;
    const double lower = on_grid(groups, fewer).lower;
    return {
        lower, EstimateKind::bound,
        "the time of the first 60 P of the K gradients; a mean time is infinite, so no limit is "
        "known",
        lower, infinite};
  }
  return on_grid(groups, n);
}

Estimate startup_time(const VariantPoint& point, const DelayProfile& fleet) {
  if (point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync) {
    return certain(0, "sync family: every update is a fresh start");
  }
  const Groups groups = groups_of(fleet);
  const std::uint64_t workers = worker_count(groups);
  const bool counts_workers = point.family == VariantFamily::k_async;
  if (workers == 1 || (counts_workers && point.k == workers)) {
    return certain(0, "every update is a fresh start");
  }
  if (all_exponential(groups)) return certain(0, "exponential times forget");
  const Estimate unknown{0, EstimateKind::bound, "not known", -infinite, infinite};
  if (counts_workers && point.k > 1) return unknown;
  const double delay = lasting_delay(groups);
  const bool jumps = std::any_of(groups.begin(), groups.end(),
                                 [](const WorkerGroup& group) { return group.law.has_atoms(); });
  if (!std::isfinite(delay) || jumps) return unknown;
  return certain(delay, "limit of the start-up by Wald's identity", EstimateKind::asymptotic);
}

Estimate cold_start_time(const DelayProfile& fleet, std::uint64_t n) {
  if (n == 0) throw InternalError("the 0th push of a fleet");
  return cold_start_mean(groups_of(fleet), n);
}

}  // namespace syncline
