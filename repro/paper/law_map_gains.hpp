#pragma once

#include <vector>

#include "law_map_cells.hpp"

namespace syncline::repro::law_map {

/// Claims about how much is gained over sync, and where more is gained than elsewhere.
void add_gain_claims(std::vector<Claim>& claims, const std::vector<CellOfMap>& cells);

}  // namespace syncline::repro::law_map
