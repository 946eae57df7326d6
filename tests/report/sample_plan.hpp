#pragma once

#include <nlohmann/json.hpp>

namespace syncline::test {

/// A plan document (docs/plan.md) of plausible shape for the eight workers and the policies of
/// sample_document(): all points of the line, two step sizes. Times per update are those of
/// exponential delays, floors and curves are formulas. `fitted`: the fleet comes with sample_fit().
nlohmann::ordered_json sample_plan(bool fitted = false);

/// The same where nothing is known of the workload: no target, floors, times or curves.
nlohmann::ordered_json sample_fleet_plan();

}  // namespace syncline::test
