#pragma once

#include <optional>
#include <vector>

#include "fit/order_tests.hpp"
#include "syncline/fit.hpp"

namespace syncline {

/// Looks for a slow state where slow jobs come together more than by chance: of single workers at
/// the level 0.01 (Bonferroni), or of the whole fleet. `groups` are workers alike, whose times are
/// divided by a time of their own so that they can be joined.
[[nodiscard]] std::optional<SlowStates> find_slow_states(
    const std::vector<std::vector<Timing>>& by_worker, const std::vector<OrderTests>& tests,
    const std::vector<AlikeWorkers>& groups);

/// The p-value that no worker has bursts: the sum of all workers' scores, and the smallest of
/// theirs by Bonferroni, taken together.
[[nodiscard]] double fleet_burst_p_value(const std::vector<OrderTests>& tests);

}  // namespace syncline
