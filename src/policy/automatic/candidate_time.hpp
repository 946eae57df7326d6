#pragma once

#include <string>
#include <vector>

#include "policy/automatic/replay.hpp"

namespace syncline {

/// A candidate, and what its replay says.
struct CandidateTime {
  std::string family;
  std::string policy;
  Replayed replayed;

  /// Updates to E ||grad F||^2 <= eps, in units of L (F(w_0) - inf F) / eps, at the best step size,
  /// up to a constant that all candidates share:
  ///
  ///     1 + R + S / K
  ///
  /// 1 + S / K is SGD with a fresh mean of K gradients, at step size 1 / (L (1 + S / K)). Stale
  /// gradients add eta^2 L^2 / 2 times the mean of delta ||w_j - w_(j-delta)||^2 / eta^2 to the
  /// descent inequality; ||w_j - w_(j-delta)||^2 <= delta sum ||steps||^2, and summed over a run
  /// each step is counted delta times, so that it takes eta <= 1 / (L R) with R the root mean
  /// square of delta to keep that below the gain. R is at most sqrt(tau_max tau_mean) of Koloskova,
  /// Stich, Jaggi, arXiv 2206.08307, and the staleness bound of Birch SGD, arXiv 2505.09218. Fresh,
  /// and with times that don't vary, time() is tau_m (1 + S / m) of K-sync and H_m (1 + S / m) of
  /// K-batch-sync and ringmaster (optimal_time.hpp).
  [[nodiscard]] double updates(double noise_scale) const;
  /// The same as a time: updates times the replayed time per update.
  [[nodiscard]] double time(double noise_scale) const;
};

/// What the forecasts are made from.
struct Evidence {
  JobSamples samples;
  std::vector<bool> down;
  PolicyContext context;
};

[[nodiscard]] CandidateTime candidate_time(const std::string& family, const std::string& policy,
                                           const Evidence& evidence);

/// Every candidate, and `also` (the one in use, unless it is empty), the least time first; but
/// those within 2 % of the least, which is as good, come before all others in the order of the
/// families, simple ones first.
[[nodiscard]] std::vector<CandidateTime> candidate_times(const Evidence& evidence,
                                                         double noise_scale,
                                                         const std::string& also);

/// Whether `a` takes less time than `b` also when only every second sample is remembered, whichever
/// half that is.
[[nodiscard]] bool faster_in_both_halves(const CandidateTime& a, const CandidateTime& b,
                                         const Evidence& evidence, double noise_scale);

}  // namespace syncline
