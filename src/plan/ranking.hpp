#pragma once

#include <memory>
#include <vector>

#include "plan/forecast.hpp"
#include "syncline/progress.hpp"

namespace syncline {

/// How a ranking is made.
struct RankingSettings {
  std::vector<double> step_sizes;
  std::vector<std::string> extra_policies;  ///< that move along the line; simulated only
  bool simulate = true;
};

/// All candidates of a fleet, best first. Theory looks at every one; of those that it finds within
/// reach of the best, and plain sync, simulation then says more: a few runs each, with the patience
/// of the best so far, then more for the leaders.
[[nodiscard]] std::vector<Forecast> rank(const QuadraticModel& model, FleetTheory& fleet,
                                         const Goal& goal, const RankingSettings& settings,
                                         const Progress& progress);

}  // namespace syncline
