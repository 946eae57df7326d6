#pragma once

#include <string>
#include <vector>

#include "law_map_fleets.hpp"
#include "study.hpp"
#include "syncline/theory.hpp"

// One cell of the map: a race of all candidates on one fleet, at one step size and at the best of
// each.
namespace syncline::repro::law_map {

/// Softmax regression on MNIST, and when it has arrived.
[[nodiscard]] RunConfig workload();

inline constexpr double base_step = 0.01;  ///< the one for all

/// How much is raced.
struct Rules {
  std::uint64_t seeds = 8;         ///< 1, 2, ...
  std::uint64_t tuning_seeds = 3;  ///< 1,000,001, ...
  std::vector<double> steps;       ///< in the order in which they are tried
};

[[nodiscard]] Rules rules(Scale scale);

/// Sync, async, and the four variants between at K = P/4 and P/2 (not 1, which is async or the
/// next); K-sync also at K = 1, which is K-batch-sync with K = 1.
[[nodiscard]] std::vector<VariantPoint> candidates(std::uint32_t workers);

/// Races them. Who takes more than `patience` times the best so far is stopped; sync never is. For
/// each candidate `policy`, `step_size`, `limit`, and `times` to the target seed by seed, null
/// where it was not reached within the limit, empty where tuning had shown that it is too slow.
[[nodiscard]] Json race_cell(const FleetConfig& fleet, const Rules& rules,
                             const Progress& progress);

inline constexpr double patience = 2.5;

}  // namespace syncline::repro::law_map
