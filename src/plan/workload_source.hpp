#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/quadratic_model.hpp"
#include "plan/update_law.hpp"
#include "syncline/plan.hpp"

namespace syncline {

/// What is known of the workload.
struct PlannedWorkload {
  std::optional<QuadraticModel> model;  ///< none: only the fleet is known
  std::optional<double> target_loss;    ///< the model's loss at the user's target
  std::optional<UpdateLaw> updates;     ///< from several pilots: how many reach the target
  /// The user's, with model and optimizer of the pilots or the model of the constants. From pilots
  /// alone also with their step size, the only one that they know of.
  RunConfig run;
  double message_bytes = 0;  ///< size of a push; 0 where not known
  std::string source = "not known";
  std::vector<std::string> notes;
  /// Why nothing can be said about the target, in whole sentences; empty if something can.
  std::string gap;
};

/// From constants, a pilot run, or a measurement made now. Throws as measure() and read_pilot() do.
[[nodiscard]] PlannedWorkload planned_workload(const PlanConfig& config, const Progress& progress);

}  // namespace syncline
