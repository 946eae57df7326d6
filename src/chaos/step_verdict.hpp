#pragma once

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "chaos/fault_injector.hpp"
#include "chaos/promise_found.hpp"

namespace syncline {

/// What was to happen at steps, and what passed.
struct StepEvidence {
  std::vector<PlannedFault> plan;
  std::vector<std::size_t> given_up;  ///< messages that did not come
  PassedMessages passed = {};
};

/// Whether each fault was made at each step. Messages that not every policy has may be missing.
[[nodiscard]] PromiseFound judge_steps(const StepEvidence& evidence,
                                       const std::vector<MadeFault>& made);
/// For each message: how many passed, and how often each fault was made at it.
[[nodiscard]] nlohmann::ordered_json to_json(const StepEvidence& evidence,
                                             const std::vector<MadeFault>& made);

}  // namespace syncline
