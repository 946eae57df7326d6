#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "syncline/config.hpp"
#include "syncline/measure.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// What the planner is told. Fleet, target and step size are in `race.run`, the grid of step sizes
/// in `race`; the rest says where knowledge of fleet and workload comes from.
struct PlanConfig {
  RaceConfig race;
  std::string timings;    ///< event log or CSV that the fleet is fitted to; empty: run.fleet
  std::string constants;  ///< file of `syncline measure --save`; empty: none
  std::vector<std::string> pilots;   ///< event logs of short training runs; empty: none
  bool measure = false;              ///< measure the constants of run.model first
  MeasureSettings measure_settings;  ///< how; gamma is of no use here
  bool simulate = true;              ///< false: theory alone, in under a second
  std::vector<std::string> what_if;  ///< policies to replay the recorded draws under
  std::uint64_t message_bytes = 0;   ///< size of a push; 0: 4 bytes for each parameter if known
};

/// Says which policy, K and step size reach the target soonest on this fleet, with what it would
/// cost and why, or what must be measured before that can be said. The object that `syncline plan
/// --json` prints (docs/plan.md lists its keys). Throws ConfigError or DataError.
[[nodiscard]] nlohmann::ordered_json plan(const PlanConfig& config, const Progress& progress);

}  // namespace syncline
