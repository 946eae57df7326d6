#pragma once

#include <functional>
#include <string>
#include <vector>

#include "law_map_cells.hpp"

// One kind of variant against another over many cells.
namespace syncline::repro::law_map {

using Wanted = std::function<bool(const CellOfMap& cell, const Racer& racer)>;

/// How one cell came out, best of the first kind against best of the second.
enum class Contest { first, second, open };

/// `open` where the 95 % interval of the paired difference spans 0. Who did not arrive, or was too
/// slow in tuning to be raced, has lost against anybody who did arrive.
[[nodiscard]] Contest contest(const CellOfMap& cell, bool tuned, const Wanted& first,
                              const Wanted& second);

/// Over many cells.
struct Tally {
  std::size_t first = 0, second = 0, open = 0;
  std::vector<std::string> not_first;  ///< names of the cells that the first kind did not win

  [[nodiscard]] std::size_t cells() const { return first + second + open; }
  /// "7 of 8 cells; not in Weibull 0.7, P = 4"
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] Tally tally(const std::vector<CellOfMap>& cells, bool tuned,
                          const std::function<bool(const CellOfMap& cell)>& where,
                          const Wanted& first, const Wanted& second);

/// "Weibull 0.7, P = 8"
[[nodiscard]] std::string title_of(const CellOfMap& cell);

}  // namespace syncline::repro::law_map
