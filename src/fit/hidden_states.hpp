#pragma once

#include <optional>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// One worker's jobs for a fit of two states, in order, in a common unit.
struct JobSequence {
  std::vector<Timing> jobs;
  double unit = 1;  ///< divides the times, so that workers of different speed can be joined
};

/// A two-state fit.
struct HiddenStates {
  double mean_normal = 0;  ///< mean time in the normal state, in seconds
  double mean_slow = 0;
  double factor = 1;
  double visits = 0;                    ///< expected number of slow spells in the data
  std::vector<std::vector<bool>> slow;  ///< by sequence and job: is it more likely slow?
};

/// A hidden Markov chain over the jobs (Rabiner, Proc. IEEE 77(2), 1989), fitted by expectation and
/// maximisation from three starts. Jobs have a Weibull law with one shape for both states and a
/// scale that is `factor` times larger in the slow one; cancelled jobs count by their survival
/// function. The mean times are the expected time in a state, from one job's start to the next
/// one's where starts are known, over the expected number of exits. nullopt where two states are no
/// better than one (BIC), or the factor is below 1.2.
[[nodiscard]] std::optional<HiddenStates> fit_hidden_states(
    const std::vector<JobSequence>& sequences);

}  // namespace syncline
