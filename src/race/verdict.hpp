#pragma once

#include <optional>
#include <string>
#include <vector>

#include "race/paired.hpp"
#include "trace/run_result.hpp"

namespace syncline {

/// The runs of one policy of a race, one per seed, in the order of the seeds.
using Entrant = std::vector<RunResult>;

/// The times to target of all seeds; nullopt if a seed missed it.
[[nodiscard]] std::optional<std::vector<double>> target_times(const Entrant& entrant);

/// Who won, and what can be said about it.
struct Verdict {
  std::optional<std::string> winner;  ///< named only if it beats every other one for certain
  std::optional<std::string> leader;  ///< smallest mean time to target, certain or not
  std::optional<std::string> runner_up;
  std::optional<Interval> difference;  ///< runner-up's time minus leader's, paired by seed
  std::string text;                    ///< a few plain sentences: who, by how much, why
};

/// Fewest seeds with which a winner is named.
inline constexpr std::size_t fewest_seeds = 5;

/// Judges a race; all entrants must have the same seeds. A policy that missed the target on a seed
/// counts there with the end of the race, which its time to target exceeds. An interrupted race has
/// no verdict. `target` is how people read it: "18.0 % test error".
[[nodiscard]] Verdict judge(const std::vector<Entrant>& entrants, const std::string& target);

}  // namespace syncline
