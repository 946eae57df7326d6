#pragma once

#include <optional>
#include <vector>

#include "fit/equality.hpp"

namespace syncline {

/// Hill's estimate from the longest k = n^(2/3) of n jobs, at most a tenth, at least 10: few enough
/// to lie in the tail, many enough to average. Divided by the share of complete jobs among them
/// where some were cancelled (Einmahl, Fils-Villetard, Guillou, Bernoulli 14(1), 2008). The
/// interval is that of an exponential mean. nullopt for fewer than 100 jobs, or no spread in the
/// tail.
[[nodiscard]] std::optional<TailIndex> tail_index(const RankedJobs& jobs);

}  // namespace syncline
