#pragma once

#include <complex>
#include <cstdint>
#include <vector>

#include "theory/renewal_grid.hpp"

namespace syncline {

/// The grids of all groups of a fleet, and how many of each.
struct FleetGrid {
  double step = 0;
  std::vector<RenewalGrid> grids;
  std::vector<std::uint64_t> counts;

  FleetGrid(const Groups& groups, double width, std::size_t points, Rounding rounding,
            std::uint64_t most, bool stationary = false);
  [[nodiscard]] std::size_t points() const { return grids.front().points(); }
};

/// One frequency of the characteristic function of the fleet's count at a point of the grid, with
/// one worker of group `without` left out (none: groups.size() or more).
[[nodiscard]] std::complex<double> characteristic(const FleetGrid& fleet, std::size_t point,
                                                  double frequency, std::size_t without);

/// A period beyond which no count up to this point of the grid has a chance that matters.
[[nodiscard]] std::size_t count_period(const FleetGrid& fleet, std::size_t point);

/// P(fewer than n jobs have ended by t = i step), all workers together: Fourier inversion of the
/// product of their characteristic functions, over a window of 16 standard deviations each way.
[[nodiscard]] double fewer_than(const FleetGrid& fleet, std::size_t i, std::uint64_t n);

}  // namespace syncline
