#pragma once

#include <vector>

#include "chaos/fault_plan.hpp"

namespace syncline {

/// Faults at steps: in each round every kind once at every message, in an order that the seed
/// gives, with messages held back or passed by turns. What make_fault_plan() does if there are
/// messages; throws ConfigError on settings that make no such plan.
[[nodiscard]] std::vector<PlannedFault> make_step_plan(const FaultPlanSettings& settings);

}  // namespace syncline
