#pragma once

#include <vector>

#include "chaos/fault.hpp"

namespace syncline {

struct FaultPlanSettings {
  std::uint64_t seed = 1;
  std::uint32_t workers = 0, shards = 0;
  std::vector<FaultKind> kinds;  ///< that may happen; at least one
  double rate = 1;               ///< faults per second
  std::uint64_t kills = 0;       ///< the plan ends with so many kills; 0: by its length
  double length = 0;             ///< seconds that it spans; 0: by its kills
  bool tls = false;
  /// Not empty: faults come at these messages (protocol_messages()), and not at times.
  std::vector<std::size_t> messages;
  std::uint64_t rounds = 1;  ///< so often each kind at each of them
};

/// What is to happen, in order: a pure function of the settings; of steps: make_step_plan(). Gaps
/// are exponential; faults of one worker never overlap, nor do those of the server. Throws
/// ConfigError on settings that make no plan.
[[nodiscard]] std::vector<PlannedFault> make_fault_plan(const FaultPlanSettings& settings);

}  // namespace syncline
