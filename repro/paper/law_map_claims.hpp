#pragma once

#include <vector>

#include "law_map_cells.hpp"

namespace syncline::repro::law_map {

/// What was conjectured of the map, and what it says. Claims whose cells are not there are left
/// out.
[[nodiscard]] std::vector<Claim> claims(const std::vector<CellOfMap>& cells);

}  // namespace syncline::repro::law_map
