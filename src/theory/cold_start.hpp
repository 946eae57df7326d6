#pragma once

#include <cstdint>

#include "syncline/theory.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// cold_start_time of a fleet by groups. REQUIRES: n >= 1.
[[nodiscard]] Estimate cold_start_mean(const Groups& groups, std::uint64_t n);

/// A time by which n jobs have ended, all workers together, but for a chance of about `left_over`:
/// the end of a grid.
[[nodiscard]] double cold_start_horizon(const Groups& groups, std::uint64_t n, double left_over);

}  // namespace syncline
