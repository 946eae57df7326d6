#pragma once

#include <cstdint>

#include "syncline/theory.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// K-batch-sync: share of worker-time spent on jobs that are cancelled at the update.
[[nodiscard]] Estimate batch_cancelled_time(const Groups& groups, std::uint64_t k);

}  // namespace syncline
