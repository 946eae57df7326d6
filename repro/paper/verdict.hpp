#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "trial.hpp"

namespace syncline::repro {

/// What the numbers say of a claim.
struct Verdict {
  bool holds = false;
  std::string evidence;
};

/// Whether the measure of `low` is below that of every other: each paired difference over the seeds
/// that all have must have its 95 % interval beyond 0. Nullopt for fewer than two such seeds.
[[nodiscard]] std::optional<Verdict> is_lowest(const Results& results, const Trial& low,
                                               const std::vector<Trial>& others,
                                               const Measure& measure);

/// Whether the mean is within three standard errors of what theory says. Nullopt for fewer than two
/// values.
[[nodiscard]] std::optional<Verdict> agrees(const std::vector<double>& values, double theory);

/// Whether all hold; the evidence of each stands behind its name. Nullopt if one is missing.
[[nodiscard]] std::optional<Verdict> all_of(
    const std::vector<std::pair<std::string, std::optional<Verdict>>>& verdicts);

/// Adds the claim, if there is a verdict.
void add_claim(Chapter& chapter, const std::string& text, const std::string& source,
               const std::optional<Verdict>& verdict, bool expected = true);

/// Which of these values over the same seeds has the lowest mean, and whether every paired
/// difference to it has its 95 % interval beyond 0.
struct Lowest {
  std::size_t index = 0;
  bool clear = false;
};

/// REQUIRES: at least one column; nullopt where a column is empty.
[[nodiscard]] std::optional<Lowest> lowest(const std::vector<std::vector<double>>& values);

}  // namespace syncline::repro
