#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fleet/monkey/scenario.hpp"
#include "syncline/host.hpp"

namespace syncline::testing {

/// What came of a scenario.
struct Played {
  std::vector<std::string> violations;  ///< of the promises; none should be
  std::uint64_t digest = 0;             ///< of all steps
  std::uint64_t steps = 0;
  std::uint64_t faults = 0;   ///< that the monkey made
  std::uint64_t crashes = 0;  ///< of the server
  std::uint64_t ends = 0;     ///< of the server by itself, since a shard was gone
  std::uint64_t downs = 0;    ///< workers that were noticed to be down
  double slowest_notice = 0;  ///< seconds from a worker's last word to its being down
  double virtual_seconds = 0;
  Account account;
  std::vector<std::string> story;  ///< who came and went and what the monkey did, in words

  [[nodiscard]] std::string all_violations() const;
};

/// Plays it: the real server's code and the real workers' protocol in simulated time, and then the
/// replay of its log. `folder`: for log and checkpoints, emptied before.
[[nodiscard]] Played play(const Scenario& scenario, const std::filesystem::path& folder);

}  // namespace syncline::testing
