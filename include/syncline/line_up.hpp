#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace syncline {

/// Every policy that has usual parameters, for a fleet of so many workers: who races under
/// `--policies all`. `time` is the length of the race, for those that decide at intervals.
[[nodiscard]] std::vector<std::string> usual_policies(std::uint32_t workers, double time);

}  // namespace syncline
