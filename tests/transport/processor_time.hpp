#pragma once

#include <sys/types.h>
#include <vector>

// What waiting costs.
namespace syncline::testing {

/// Of a core, for a process that waits. It measures a few hundredths. One that looks again and
/// again without a pause takes all that it can get: on two cores that three such processes share
/// with another program half a core each.
inline constexpr double largest_share = 0.3;

/// The part of a core that each of these processes uses, in its own code and in the kernel, while
/// two seconds pass.
[[nodiscard]] std::vector<double> shares_of_core(const std::vector<pid_t>& processes);

}  // namespace syncline::testing
