#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"
#include "theory/ageing_of_groups.hpp"
#include "theory/async_period.hpp"
#include "theory/cold_start.hpp"
#include "theory/estimate.hpp"
#include "theory/order_statistic.hpp"
#include "theory/variant_runtime.hpp"

namespace syncline {
namespace {

Estimate batch_async(const Groups& groups, std::uint64_t k) {
  const auto wanted = static_cast<double>(k);
  if (worker_count(groups) == 1) {
    return certain(wanted * groups[0].law.mean, "one worker: K mean times");
  }
  const Groups finite = finite_means(groups);
  if (finite.empty()) return certain(infinite, "no mean time is finite", EstimateKind::asymptotic);
  return certain(wanted / total_rate(finite), std::string(paper) + ", Lemma 4: K / sum(1 / E X_i)",
                 EstimateKind::asymptotic);
}

/// K-async beyond its closed forms: the fixed point for many workers, kept inside what is proved.
Estimate async_by_period(const Groups& groups, std::uint64_t k) {
  const double period = async_period(groups, k) * finite_fleet_factor(groups, k);
  const double least = static_cast<double>(k) / total_rate(groups);
  double lower = least;
  double upper = infinite;
  const AgeingClass ageing = ageing_of(groups);
  if (ageing.nbu && !ageing.numeric) upper = order_mean(groups, k).upper;
  if (ageing.nwu && !ageing.numeric) lower = std::max(least, order_mean(groups, k).lower);
  const std::string source =
      "fixed point sum_i 1 / E ceil(X_i / T) = K for many workers, times the factor that makes it "
      "exact for exponential times; ends: " +
      std::string(paper) + ", Lemma 5";
  const auto error = async_period_error(groups, k);
  if (!error) return within({period, EstimateKind::bound, source, lower, upper}, lower, upper);
  return within({period, EstimateKind::approximation, source + ", and the error seen over a grid",
                 period / (1 + *error), period * (1 + *error)},
                lower, upper);
}

Estimate async(const Groups& groups, std::uint64_t k) {
  const std::uint64_t workers = worker_count(groups);
  if (k == workers) {
    Estimate time = order_mean(groups, k);
    time.source += "; K-async with K = P is full sync";
    return time;
  }
  if (k == 1) return batch_async(groups, 1);
  if (all_exponential(groups)) {
    Estimate time = order_mean(groups, k);
    time.source = std::string(paper) + ", Lemma 5: exponential times forget, as K-sync";
    return time;
  }
  if (groups.size() == 1 && groups[0].law.form == LawForm::constant) {
    return certain(groups[0].law.mean / static_cast<double>(workers / k),
                   "equal times: floor(P/K) updates in each of them, in the long run");
  }
  // Workers without a mean take an ever smaller part in the updates.
  const Groups finite = finite_means(groups);
  const std::uint64_t lasting = worker_count(finite);
  if (lasting < k) {
    return certain(infinite, "fewer than K workers have a finite mean", EstimateKind::asymptotic);
  }
  if (lasting < workers) {
    Estimate time = async(finite, k);
    if (time.kind == EstimateKind::exact || time.kind == EstimateKind::numeric) {
      time.kind = EstimateKind::asymptotic;
    }
    time.source += "; workers without a mean time left out";
    return time;
  }
  return async_by_period(groups, k);
}

}  // namespace

Estimate variant_runtime(const VariantPoint& point, const Groups& groups) {
  const std::uint64_t workers = worker_count(groups);
  const bool counts_workers =
      point.family == VariantFamily::k_sync || point.family == VariantFamily::k_async;
  if (point.k == 0 || (counts_workers && point.k > workers)) {
    throw InternalError("no such point on the line: K = " + std::to_string(point.k) + " of " +
                        std::to_string(workers));
  }
  switch (point.family) {
    case VariantFamily::k_sync:
      return order_mean(groups, point.k);
    case VariantFamily::k_batch_sync:
      return cold_start_mean(groups, point.k);
    case VariantFamily::k_async:
      return async(groups, point.k);
    case VariantFamily::k_batch_async:
      return batch_async(groups, point.k);
  }
  throw InternalError("a variant of no family");
}

Estimate runtime_per_update(const VariantPoint& point, const DelayProfile& fleet) {
  return variant_runtime(point, groups_of(fleet));
}

}  // namespace syncline
