#pragma once

#include "law_map_fleets.hpp"
#include "study.hpp"

// What theory says of each cell of the map.
namespace syncline::repro::law_map {

/// The step sizes that predictions are made for.
[[nodiscard]] const std::vector<double>& predicted_steps();

/// For each cell of the map, under its name, one entry for each candidate: `policy`, `k`,
/// `staleness` (mean), `runtime` (per update, with communication) and its `kind`, and `planner`:
/// the time to the target at each of predicted_steps() as the planner sees it, null where it sees
/// none. The planner knows the workload from constants measured at its start and from the log of
/// one run of sync.
[[nodiscard]] Json predict_cells(const std::vector<const Row*>& rows,
                                 const std::vector<std::uint32_t>& columns,
                                 const Progress& progress);

}  // namespace syncline::repro::law_map
