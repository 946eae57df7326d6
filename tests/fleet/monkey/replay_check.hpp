#pragma once

#include <string>
#include <vector>

#include "syncline/config.hpp"
#include "syncline/host.hpp"

namespace syncline::testing {

/// Replays the log of a run that ended in `state` with `account`: what comes out otherwise, in
/// words.
[[nodiscard]] std::vector<std::string> replay_violations(RunConfig config,
                                                         const std::vector<double>& state,
                                                         const Account& account);

}  // namespace syncline::testing
