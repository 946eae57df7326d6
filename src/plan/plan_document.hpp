#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plan/advice.hpp"
#include "plan/workload_source.hpp"

namespace syncline {

// Parts of the document of a plan (docs/plan.md).

[[nodiscard]] nlohmann::ordered_json fleet_json(const PlannedFleet& fleet);
[[nodiscard]] nlohmann::ordered_json workload_json(const PlannedWorkload& workload);
/// `sync_time`: of the best plain sync; 0 if it does not reach the goal.
[[nodiscard]] nlohmann::ordered_json candidate_json(const Forecast& forecast, const Goal& goal,
                                                    double message_bytes, double sync_time);

/// The command that runs a choice, to be pasted into a shell; it ends at the latest after four
/// times the predicted time (0: not predicted), or the user's own limit.
[[nodiscard]] std::string train_command(const RunConfig& run, const FleetConfig& fleet,
                                        const Candidate& choice, double predicted_time);

/// The command that finds out what is missing.
[[nodiscard]] std::string measure_command(const RunConfig& run);

}  // namespace syncline
