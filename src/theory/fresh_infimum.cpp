#include <cmath>

#include "theory/ageing_of_groups.hpp"
#include "theory/estimate.hpp"

namespace syncline {
namespace {

Estimate proved(double lower, double upper, std::string source) {
  return {lower, EstimateKind::bound, std::move(source), lower, upper};
}

}  // namespace

Estimate fresh_probability_infimum(const VariantPoint& point, const DelayProfile& fleet) {
  const Groups groups = groups_of(fleet);
  const std::uint64_t workers = worker_count(groups);
  const auto p = static_cast<double>(workers);
  const auto k = static_cast<double>(point.k);
  const std::string lemma = std::string(paper) + ", Lemma 8";
  const bool counts_workers = point.family == VariantFamily::k_async;
  if (point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync ||
      workers == 1 || (counts_workers && point.k == workers)) {
    return certain(1, "no gradient is stale");
  }
  // The proof is for K = 1. K-async renews K workers at each update; in K-batch-async the first
  // gradient after an update is fresh least often, as in async.
  const double memoryless = counts_workers ? k / p : 1 / p;
  if (groups.size() > 1) {
    if (!all_exponential(groups)) return proved(0, 1, "workers differ: nothing is proved");
    double slowest = 1;
    for (const auto& group : groups) {
      slowest = std::min(slowest, 1 / (group.law.mean * total_rate(groups)));
    }
    if (point.k == 1) return certain(slowest, "exponential times: the least share of a worker");
    return proved(counts_workers ? 0 : slowest, 1,
                  "exponential times: the least share of a worker");
  }
  const LawView& law = groups[0].law;
  switch (law.form) {
    case LawForm::exponential:
      return certain(memoryless, lemma + (counts_workers ? ", for K workers: K/P" : ": 1/P"));
    case LawForm::constant:
      return certain(0, "equal times: lock step makes some gradients stale for certain");
    case LawForm::shifted_exponential:
      if (point.k == 1) {
        return certain(std::exp(-(p - 1) * law.shift / law.scale) / p,
                       "shifted exponential: all others older than the shift");
      }
      break;
    default:
      break;
  }
  const AgeingClass ageing = ageing_of(groups);
  if (ageing.numeric) return proved(0, 1, "measured times: nothing is proved");
  if (ageing.nbu) return proved(0, memoryless, lemma + ": at most that of exponential times (NBU)");
  if (ageing.nwu) return proved(1 / p, 1, lemma + ": at least that of exponential times (NWU)");
  return proved(0, 1, lemma + " says nothing of laws that are neither NBU nor NWU");
}

}  // namespace syncline
