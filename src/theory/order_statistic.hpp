#pragma once

#include <cstdint>

#include "syncline/theory.hpp"
#include "theory/decreasing_integral.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// order_statistic_mean of a fleet by groups. REQUIRES: 1 <= k <= P.
[[nodiscard]] Estimate order_mean(const Groups& groups, std::uint64_t k);

/// Sum of the means of the first k order statistics: integral over t of E[max(k - done(t), 0)].
/// REQUIRES: order_tail_exponent(groups, k) > 1.
[[nodiscard]] Integral order_mean_sum(const Groups& groups, std::uint64_t k);

}  // namespace syncline
