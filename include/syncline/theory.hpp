#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/delay_law.hpp"

namespace syncline {

/// How much a predicted number can be trusted.
enum class EstimateKind {
  exact,          ///< a closed form
  numeric,        ///< exact up to quadrature or discretisation, whose error is in lower and upper
  asymptotic,     ///< exact in the limit of many updates (or of many workers, as the source says)
  bound,          ///< only lower and upper are proved; value lies between
  approximation,  ///< lower and upper come from the approximation's known error
  simulated       ///< lower and upper are a 95 % interval
};

[[nodiscard]] const char* kind_name(EstimateKind kind);

/// One predicted number, with what is known about it. lower <= value <= upper; an end that is not
/// known is infinite. All three are +infinity where the quantity itself is infinite.
struct Estimate {
  double value = 0;
  EstimateKind kind = EstimateKind::exact;
  std::string source;  ///< theorem or equation: "arXiv 1803.01113, Lemma 3"
  double lower = 0;
  double upper = 0;
};

/// The four general variants; full sync is k_sync with K = P, async is k_async with K = 1.
enum class VariantFamily { k_sync, k_batch_sync, k_async, k_batch_async };

[[nodiscard]] const char* family_name(VariantFamily family);  ///< "k-batch-sync"

/// A point on the line between sync and async.
struct VariantPoint {
  VariantFamily family = VariantFamily::k_async;
  std::uint64_t k = 1;

  friend bool operator==(const VariantPoint&, const VariantPoint&) = default;
};

/// The point of `sync`, `async`, `k-sync(k=4)`, ...; nullopt for policies that are no fixed point
/// of the line (adasync, rest=finish, ...). Throws as make_policy does on a text that is wrong.
[[nodiscard]] std::optional<VariantPoint> variant_point(std::string_view policy,
                                                        std::uint32_t workers);

/// E of the k-th smallest of one draw of every worker, by the survival functions alone:
/// integral over t of P(fewer than k of P are done by t). REQUIRES: 1 <= k <= P.
[[nodiscard]] Estimate order_statistic_mean(const DelayProfile& fleet, std::uint64_t k);

/// Long-run time per update (docs/theory.md lists formula and source for each variant and law).
[[nodiscard]] Estimate runtime_per_update(const VariantPoint& point, const DelayProfile& fleet);

/// E of the time at which the n-th gradient in all is pushed if all workers start together at time
/// 0 and never wait: the n / sum(1/E X_i) of the long run and the start-up correction in one. With
/// n = K it is the time per update of K-batch-sync; with n = jK the time of the j-th update of
/// K-batch-async, whose first updates are longer by a constant in all, ((P-1)/P) E X (1 - cv^2)/2
/// for equal workers. REQUIRES: n >= 1.
[[nodiscard]] Estimate cold_start_time(const DelayProfile& fleet, std::uint64_t n);

/// By how much the updates of a run from a cold start take longer, all together, than as many in
/// the long run: 0 in the sync family; ((P-1)/P) E X (1 - cv^2)/2 for K-batch-async on equal
/// workers with a density (negative where cv > 1); unknown, with infinite ends, for K-async beyond
/// exponential times and where a variance is infinite.
[[nodiscard]] Estimate startup_time(const VariantPoint& point, const DelayProfile& fleet);

/// P(staleness = s), s = 0, 1, ..., of an applied gradient.
struct StalenessLaw {
  Estimate mean;            ///< exact for every law, by counting versions
  Estimate fresh_fraction;  ///< P(0); never the p0 of Lemma 8
  std::vector<double> pmf;  ///< empty where no form is known; the last entry may cut off the tail
  EstimateKind pmf_kind = EstimateKind::exact;
};

/// Takes up to half a second for K-batch-async on a thousand workers, for the pmf; else far less.
/// Above 15,000 pushes in twelve mean times the pmf is left empty.
[[nodiscard]] StalenessLaw staleness_law(const VariantPoint& point, const DelayProfile& fleet);

/// The p0 of arXiv 1803.01113, Lemma 1: the largest constant below the chance, given all that has
/// happened before, that an applied gradient is fresh. Where only an end is proved, `value` is the
/// lower one, which the error theorems may use. Never the fraction of fresh gradients.
[[nodiscard]] Estimate fresh_probability_infimum(const VariantPoint& point,
                                                 const DelayProfile& fleet);

/// Shares of worker-time, P x elapsed: spent waiting, and spent on jobs that were then cancelled.
[[nodiscard]] Estimate idle_fraction(const VariantPoint& point, const DelayProfile& fleet);
[[nodiscard]] Estimate cancelled_time_fraction(const VariantPoint& point,
                                               const DelayProfile& fleet);
/// Cancelled jobs over cancelled and applied ones; for laws with a density.
[[nodiscard]] Estimate cancelled_job_fraction(const VariantPoint& point, const DelayProfile& fleet);

}  // namespace syncline
