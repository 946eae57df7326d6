#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/event.hpp"

namespace syncline {

/// How long a round of K-sync takes in which nobody is interrupted: T(h, k), from its beginning to
/// the k-th fresh gradient, where the round before waited for h. The fewer it waited for, the more
/// workers are still busy with what will be dropped; so T rises with k and falls with h.
///
/// A worker's first job that begins in a round, or later, ends when it ends whatever k is. So each
/// round tells T(h, k) for *every* k, as if it had waited for k, once the late have pushed too
/// (here `started`, not the version, says which round a gradient counts for). A value; not
/// thread-safe.
class WaitingTimes {
 public:
  /// REQUIRES: workers >= 1.
  explicit WaitingTimes(std::uint32_t workers);

  /// The k and h that are told apart, ascending: all of 1..P up to 16 workers; of more, doublings
  /// from either end.
  [[nodiscard]] const std::vector<std::uint64_t>& levels() const { return levels_; }
  /// The place of the largest level up to k >= 1.
  [[nodiscard]] std::size_t level_of(std::uint64_t k) const;

  /// A round begins; the one before waited for levels()[h].
  void round_began(double time, std::size_t h);
  /// A gradient arrives, fresh or not, of a job that began at `started`.
  void arrived(WorkerId worker, double started, double time);

  /// T(levels()[h], k) for the levels k that have ever been seen, from the first on: the means of
  /// the last rounds, fitted by least squares to what T is known to be (isotonic_table). What was
  /// not seen after h is taken between its neighbours, as if seen once.
  [[nodiscard]] std::vector<double> after(std::size_t h) const;

  [[nodiscard]] nlohmann::json state() const;
  void restore(const nlohmann::json& state);

 private:
  struct Round {
    double began = 0;
    std::size_t h = 0;
    std::uint64_t arrived = 0;  ///< workers whose first job since then has ended
  };
  struct Cell {
    double mean = 0;
    double rounds = 0;
  };

  void fill_column(std::size_t column, std::size_t columns, std::vector<double>& values) const;

  std::uint32_t workers_;
  std::vector<std::uint64_t> levels_;
  std::vector<Cell> cells_;            ///< T(h, k), row by row
  std::deque<Round> rounds_;           ///< that some worker has yet to be counted in
  std::uint64_t first_ = 0;            ///< number of the first of them
  std::vector<std::uint64_t> counts_;  ///< by worker: the first round it has not been counted in
};

}  // namespace syncline
