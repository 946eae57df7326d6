#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "law_map_fleets.hpp"
#include "race/paired.hpp"
#include "study.hpp"
#include "syncline/theory.hpp"

// What is stored of the map, as values.
namespace syncline::repro::law_map {

/// One candidate in one setting of one cell.
struct Racer {
  std::string policy;
  VariantPoint point;
  double step = 0;
  double limit = 0;                          ///< nobody was followed longer than that
  std::vector<std::optional<double>> times;  ///< to the target, seed by seed; empty if not raced
  double mean = INFINITY;                    ///< over all seeds or none
  double standard_error = 0;
  double updates = 0;  ///< until then, mean

  [[nodiscard]] bool arrived() const { return std::isfinite(mean); }
};

/// A race under one way of choosing step sizes.
struct Race {
  std::vector<Racer> racers;
  std::size_t winner = 0;  ///< smallest mean
  std::size_t sync = 0;
  /// The winner is ahead of everybody beyond doubt: the 95 % interval of each paired difference
  /// lies above 0, or the other was so slow in tuning that it was not raced.
  bool clear = false;

  [[nodiscard]] const Racer& best() const { return racers[winner]; }
  /// Sync's time / the racer's.
  [[nodiscard]] std::optional<Interval> speed_up_of(const Racer& racer) const;
  /// Logarithm of how many times as fast as sync the winner was, seed by seed; empty if one of the
  /// two did not arrive.
  [[nodiscard]] std::vector<double> log_gains() const;
  /// The fastest of those that `wanted` accepts; null if none arrived.
  template <class Wanted>
  [[nodiscard]] const Racer* fastest(Wanted&& wanted) const {
    const Racer* found = nullptr;
    for (const Racer& racer : racers) {
      if (racer.arrived() && wanted(racer) && (found == nullptr || racer.mean < found->mean)) {
        found = &racer;
      }
    }
    return found;
  }
};

/// Seed by seed b - a. A run that did not arrive counts with the limit it was given, so that the
/// difference is at least what is said where only b missed. Nullopt where one was not raced.
[[nodiscard]] std::optional<Interval> behind(const Racer& a, const Racer& b);

/// What theory says of a candidate.
struct Expected {
  std::string policy;
  double k = 1;
  double staleness = 0;
  double runtime = 0;           ///< per update
  double simulated = 0;         ///< the same
  std::string kind;             ///< of the runtime: exact, numeric, ...
  std::vector<double> planner;  ///< time to the target at predicted_steps(); infinite: none
};

struct CellOfMap {
  const Row* row = nullptr;
  std::uint32_t workers = 0;
  Race same, tuned;
  std::vector<Expected> theory;  ///< of the racers, in their order

  [[nodiscard]] const Race& race(bool tuned_steps) const { return tuned_steps ? tuned : same; }
};

/// All cells that are stored, with their theory, row by row.
[[nodiscard]] std::vector<CellOfMap> cells_of(const Results& results);

[[nodiscard]] const CellOfMap* find_cell(const std::vector<CellOfMap>& cells,
                                         const std::string& row, std::uint32_t workers);

/// Sync and async are points of the line too, with names of their own.
[[nodiscard]] bool is_sync(const CellOfMap& cell, const Racer& racer);
[[nodiscard]] bool cancels(const CellOfMap& cell, const Racer& racer);  ///< K-(batch-)sync below P
[[nodiscard]] bool is_stale(const Racer& racer);                        ///< of the async family

}  // namespace syncline::repro::law_map
