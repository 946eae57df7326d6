#pragma once

#include <cstdint>
#include <vector>

#include "policy/automatic/job_times.hpp"
#include "syncline/policy.hpp"

namespace syncline {

/// What a policy makes of given durations, in the long run.
struct Replayed {
  double runtime = 0;    ///< time per update; infinity if updates end or never come
  double gradients = 0;  ///< K: so many independent gradients an update is worth
  double staleness = 0;  ///< R: root mean square, in updates
  bool cancels = false;  ///< some jobs
};

/// Runs a copy of a policy that has not begun, without gradients, on a clock of its own: each job
/// takes one of its worker's samples. The same job takes the same under every policy. Workers that
/// are `down` never answer, and the policy is told so.
///
/// With steps of size s (scale times weights, over their mean over all steps) and gradients of
/// weights a_i in a step:
///
///     K   = (sum s)^2 / (updates sum a_i^2)      what the noise of independent gradients averages
///                                                to; at most the gradients used up per update
///     R^2 = sum s delta^2 / sum s                delta is the staleness of a gradient
///
/// From a table, a_i is the entry's share over its count, and an entry is as stale as its last
/// gradient.
///
/// REQUIRES: the policy asks for no measurement and stops no job; it may see no scalars of vectors.
[[nodiscard]] Replayed replay(const Policy& policy, const JobSamples& samples,
                              const std::vector<bool>& down);

}  // namespace syncline
