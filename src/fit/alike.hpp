#pragma once

#include <cstdint>
#include <vector>

#include "fit/equality.hpp"

namespace syncline {

/// Joins workers that the test of equality does not tell apart, the most alike first, until all
/// remaining groups differ; at least two groups remain. `inflation` >= 1 divides the statistics,
/// for jobs that come in slow runs are worth fewer independent ones. Groups are in the order of
/// their first workers. REQUIRES: at least two workers.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> group_alike(
    const std::vector<RankedJobs>& by_worker, double inflation);

}  // namespace syncline
