#pragma once

#include <string>
#include <vector>

#include "base/summary.hpp"
#include "study.hpp"

// Races on analytic objectives, where every algorithm gets the best step size and parameter of the
// same grids.
namespace syncline::repro {

/// An algorithm with the parameters that are tried for it.
struct Entry {
  std::string name;                   ///< as tables call it
  std::vector<std::string> policies;  ///< texts, one for each parameter
  int color = 0;                      ///< of its bars
};

/// What all entries of a race share.
struct FieldRace {
  std::string id;     ///< of its parts
  std::string title;  ///< of its column
  RunConfig base;     ///< fleet, objective, stop.time, and stop.target if times are compared
  std::vector<double> step_sizes;
  std::uint64_t seeds = 3;  ///< that the best is run on, from 11; tuning uses seed 1

  /// Time to the target, or, without one, the mean loss over the last fifth of the run.
  [[nodiscard]] bool compares_times() const { return base.stop.target > 0; }
};

/// The part of a study in which one entry is tuned on seed 1, and its best is run again on the
/// other seeds.
[[nodiscard]] Part tuned_part(const FieldRace& race, const Entry& entry);
[[nodiscard]] std::string part_name(const FieldRace& race, const Entry& entry);

/// What it found.
struct Tuned {
  std::string policy;  ///< empty: nobody reached the target
  double step_size = 0;
  std::vector<double> values;  ///< by seed: times, or losses; the end of the race for a miss
  bool missed = false;         ///< on some seed

  [[nodiscard]] bool reached() const { return !policy.empty() && !missed; }
  [[nodiscard]] Summary summary() const { return summarise(values); }
  /// To rank by: infinite where the target was missed.
  [[nodiscard]] double rank() const;
};
[[nodiscard]] Tuned tuned_of(const Json& part);

/// "8.6 ± 0.1", or "> 400" where nobody reached the target.
[[nodiscard]] std::string value_text(const Tuned& tuned, const FieldRace& race);

/// A fleet of workers with these constant times.
[[nodiscard]] std::string constant_times(const std::vector<double>& times);
/// Constant times f(1), ..., f(workers).
[[nodiscard]] std::string times_by_rank(std::uint32_t workers, double (*f)(double));

}  // namespace syncline::repro
