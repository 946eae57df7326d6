#pragma once

#include <string>

#include "policy/automatic/candidate_time.hpp"
#include "policy/automatic/noise_scale.hpp"

namespace syncline {

/// What `auto` does next, and why.
struct Decision {
  CandidateTime chosen;
  std::string why;  ///< one line: the estimates, the leading candidates, the choice
};

/// The candidate with the least predicted time. Where one is `current` (not empty), it stays unless
/// the best takes at most 1 / 1.1 of its time, and less than its time too with S two standard
/// errors of the squared gradient lower or higher, and by either half of the remembered durations.
[[nodiscard]] Decision decide(const Evidence& evidence, const NoiseScale::Estimate& noise,
                              const std::string& current);

}  // namespace syncline
