#pragma once

#include <cstdint>
#include <vector>

#include "syncline/theory.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// K-batch-async: s = floor((r + N) / K), r uniform on 0..K-1 (gradients that wait at the read), N
/// = pushes of the other workers, stationary renewal processes, during one job. For laws with a
/// density; REQUIRES: finite means, P >= 2.

/// P(s = 0) = E[max(K - N, 0)] / K.
[[nodiscard]] Estimate batch_fresh_fraction(const Groups& groups, std::uint64_t k);

/// P(s) for s = 0, 1, ... as far as jobs of six mean times tell.
[[nodiscard]] std::vector<double> batch_staleness_chances(const Groups& groups, std::uint64_t k);

}  // namespace syncline
