#pragma once

#include <string>
#include <vector>

#include "syncline/plan.hpp"

namespace syncline::proof {

/// One question to the planner whose answer can be found by trying everything.
struct Case {
  std::string name;
  PlanConfig plan;
  std::vector<std::string> pilots;  ///< policies of the pilot runs to make first
  std::uint64_t pilot_updates = 0;  ///< how long each of them is
  std::uint64_t seeds = 3;
};

/// 72 cases on analytic workloads: nine delay laws x 4, 8, 16, 32 workers x two of four workloads
/// and targets.
[[nodiscard]] std::vector<Case> analytic_cases();

/// 12 cases on softmax regression, which is no quadratic: four laws x 4, 8, 16 workers.
[[nodiscard]] std::vector<Case> softmax_cases();

/// 6 cases on the LeNet-type CNN: three fleets x two targets, each after three pilot runs.
[[nodiscard]] std::vector<Case> cnn_cases();

}  // namespace syncline::proof
