#pragma once

#include "adasync_runs.hpp"

namespace syncline::repro {

/// A contestant with its runs, the same seeds as everybody else's of the variant.
struct Entrant {
  Contestant contestant;
  std::vector<const Json*> runs;
  std::vector<double> areas;  ///< mean test error over time, by seed
};

/// The contestants of a variant, fixed K first, on the seeds on which all of them were run.
[[nodiscard]] std::vector<Entrant> entrants_of(const Contest& contest, const std::string& variant,
                                               const Results& results);

[[nodiscard]] bool is_fixed(const Entrant& entrant);

}  // namespace syncline::repro
