#include <cmath>

#include "theory/async_period.hpp"
#include "theory/cancelled_time.hpp"
#include "theory/estimate.hpp"
#include "theory/order_statistic.hpp"
#include "theory/variant_runtime.hpp"

namespace syncline {
namespace {

/// K-sync: the first K wait for the K-th.
Estimate sync_idle(const Groups& groups, std::uint64_t k) {
  const auto workers = static_cast<double>(worker_count(groups));
  const auto wanted = static_cast<double>(k);
  const char* source = "K/P - (sum of the first K order statistics) / (P E X_{K:P})";
  const Estimate longest = order_mean(groups, k);
  if (std::isinf(longest.value)) {
    return certain((wanted - 1) / workers,
                   "the K-th of P has no mean: beside it all others' times vanish",
                   EstimateKind::asymptotic);
  }
  const Integral sum = order_mean_sum(groups, k);
  const double value = wanted / workers - sum.value / (workers * longest.value);
  const double error = (sum.error + longest.upper - longest.lower) / longest.value;
  return within(uncertain(value, error + 1e-15, source), 0, 1);
}

/// 1 - busy / (P T) at both ends of T: a worker is busy for the jobs that are used, no more.
Estimate idle_by_time(const Groups& groups, std::uint64_t k, const Estimate& time) {
  const auto workers = static_cast<double>(worker_count(groups));
  Estimate idle{0, time.kind, "1 - busy time / (P E T); E T: " + time.source, 0, 1};
  if (groups.size() == 1) {
    const double busy = static_cast<double>(k) * groups[0].law.mean / workers;
    idle.value = 1 - busy / time.value;
    idle.lower = 1 - busy / time.lower;
    idle.upper = 1 - busy / time.upper;
    return within(idle, 0, 1);
  }
  // How often each group takes part is known only from the fixed point itself.
  const double period = async_period(groups, k);
  double busy = 0;
  for (const auto& [law, count] : groups) {
    busy += static_cast<double>(count) * law.mean / mean_updates(law, period);
  }
  idle.value = 1 - busy / (workers * period);
  idle.kind = EstimateKind::approximation;
  idle.source =
      "1 - busy time / (P T), T and the shares of the workers from the fixed point of "
      "K-async; no error is known";
  return within(idle, 0, 1);
}

Estimate async_idle(const Groups& groups, std::uint64_t k) {
  const std::uint64_t workers = worker_count(groups);
  if (k == 1) return certain(0, "async: nobody waits");
  if (k == workers || all_exponential(groups)) {
    Estimate idle = sync_idle(groups, k);
    idle.source += "; as in K-sync";
    return idle;
  }
  const VariantPoint point{VariantFamily::k_async, k};
  const Groups finite = finite_means(groups);
  if (worker_count(finite) < k) {
    return {0, EstimateKind::bound, "fewer than K workers have a finite mean", 0,
            static_cast<double>(k - 1) / static_cast<double>(workers)};
  }
  if (worker_count(finite) < workers) {
    // The others are busy nearly all the time.
    const auto lasting = static_cast<double>(worker_count(finite));
    Estimate idle = async_idle(finite, k);
    const double share = lasting / static_cast<double>(workers);
    idle.value *= share;
    idle.lower *= share;
    idle.upper *= share;
    return idle;
  }
  return idle_by_time(groups, k, variant_runtime(point, groups));
}

}  // namespace

Estimate idle_fraction(const VariantPoint& point, const DelayProfile& fleet) {
  const Groups groups = groups_of(fleet);
  if (worker_count(groups) == 1) return certain(0, "one worker never waits");
  switch (point.family) {
    case VariantFamily::k_sync:
      return sync_idle(groups, point.k);
    case VariantFamily::k_async:
      return async_idle(groups, point.k);
    case VariantFamily::k_batch_sync:
    case VariantFamily::k_batch_async:
      break;
  }
  return certain(0, "batch variants: nobody waits");
}

Estimate cancelled_time_fraction(const VariantPoint& point, const DelayProfile& fleet) {
  const Groups groups = groups_of(fleet);
  const std::uint64_t workers = worker_count(groups);
  const auto p = static_cast<double>(workers);
  switch (point.family) {
    case VariantFamily::k_sync:
      return certain((p - static_cast<double>(point.k)) / p,
                     "K-sync: P - K workers are cancelled at each update");
    case VariantFamily::k_batch_sync:
      return batch_cancelled_time(groups, point.k);
    case VariantFamily::k_async:
    case VariantFamily::k_batch_async:
      break;
  }
  return certain(0, "async family: nothing is cancelled");
}

Estimate cancelled_job_fraction(const VariantPoint& point, const DelayProfile& fleet) {
  const auto p = static_cast<double>(fleet.workers());
  const auto k = static_cast<double>(point.k);
  switch (point.family) {
    case VariantFamily::k_sync:
      return certain((p - k) / p, "K-sync: P - K of P jobs");
    case VariantFamily::k_batch_sync:
      return certain((p - 1) / (p + k - 1), "K-batch-sync: P - 1 jobs run on at the K-th push");
    case VariantFamily::k_async:
    case VariantFamily::k_batch_async:
      break;
  }
  return certain(0, "async family: nothing is cancelled");
}

}  // namespace syncline
