#pragma once

#include <string>

#include "syncline/delay_law.hpp"

namespace syncline {

/// Does a job that has run for a while have less left than a fresh one? Definition 3 of arXiv
/// 1803.01113: new-longer-than-used (NBU): S(u + t) <= S(u) S(t) for all u, t >= 0;
/// new-shorter-than-used (NWU): the reverse. The exponential law is both.
struct AgeingClass {
  bool nbu = false;
  bool nwu = false;
  /// A check of measured values, not a proof: neither sign is refuted beyond `tolerance` standard
  /// errors of the difference, on a grid of quantiles.
  bool numeric = false;
  double tolerance = 0;
};

[[nodiscard]] AgeingClass ageing_class(const DelayLaw& law);

/// What holds for every worker of the fleet.
[[nodiscard]] AgeingClass ageing_class(const DelayProfile& fleet);

/// "both", "NBU", "NWU" or "neither".
[[nodiscard]] std::string ageing_name(const AgeingClass& ageing);

/// One plain sentence: whether cancelling a straggler helps here or wastes work.
[[nodiscard]] std::string ageing_sentence(const AgeingClass& ageing);

/// The orderings of the mean time per update that follow, one sentence each: those of arXiv
/// 1803.01113, Lemma 5, and its reversal, and those that hold for every law.
[[nodiscard]] std::vector<std::string> ageing_orderings(const AgeingClass& ageing);

}  // namespace syncline
