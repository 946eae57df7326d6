#pragma once

#include <vector>

#include "law_map_prediction.hpp"

// The numbers behind the maps.
namespace syncline::repro::law_map {

/// A row for each cell: who won and by how much, who was named, and what came of that.
void add_winners_table(Section& section, const std::vector<CellOfMap>& cells, bool tuned,
                       const Predictor& predictor);

/// Time per update of every candidate under 8 workers, by theory; a row for each law. What
/// simulation finds stands in brackets where it differs.
void add_runtime_table(Section& section, const std::vector<CellOfMap>& cells);

/// The laws: how each is made, and how its jobs age.
void add_law_table(Section& section);

/// How often each predictor names the winner.
void add_score_table(Section& section, const std::vector<CellOfMap>& cells);

}  // namespace syncline::repro::law_map
