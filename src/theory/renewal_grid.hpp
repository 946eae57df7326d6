#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "theory/law_view.hpp"

namespace syncline {

/// Which way a job's time is moved to a multiple of the grid's step.
enum class Rounding { down, nearest, up };

/// How many jobs one worker that never idles finishes by time t, for t on a grid. With times
/// rounded down there are at least as many as in truth, with times rounded up at most as many.
/// Partial sums are convolved exactly on the grid.
class RenewalGrid {
 public:
  /// Jobs beyond the first `most` are not told apart. `stationary`: the worker has been at work for
  /// ever, so its first end comes after a residual time. REQUIRES then a finite mean.
  RenewalGrid(const LawView& law, double step, std::size_t points, Rounding rounding,
              std::uint64_t most, bool stationary = false);

  [[nodiscard]] std::size_t points() const { return points_; }  ///< t = 0, step, ..., points * step
  [[nodiscard]] std::size_t jobs() const { return sums_.size(); }  ///< largest count with a chance
  /// P(the j-th job has ended by t = i step), j = 1..jobs().
  [[nodiscard]] double ended(std::size_t j, std::size_t i) const { return sums_[j - 1][i]; }
  /// P(count = j) at t = i step.
  [[nodiscard]] double chance(std::size_t j, std::size_t i) const {
    const double at_least = j == 0 ? 1 : ended(j, i);
    return j < jobs() ? at_least - ended(j + 1, i) : at_least;
  }
  [[nodiscard]] double mean(std::size_t i) const;
  [[nodiscard]] double variance(std::size_t i) const;

 private:
  std::size_t points_;
  std::vector<std::vector<double>> sums_;  ///< cumulative distributions of the partial sums
};

}  // namespace syncline
