#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syncline/fit.hpp"
#include "syncline/plan.hpp"

namespace syncline {

/// The fleet that is planned for, and how it is known.
struct PlannedFleet {
  FleetConfig config;
  std::string source;              ///< for people: "as given", "fitted to times.csv"
  std::optional<Timings> timings;  ///< measured jobs, where there is a file of them
  std::optional<FleetFit> fit;
  std::vector<std::string> notes;
};

/// The fleet as given, or fitted to the timings or to the pilot run. Throws as read_timings and
/// fit_fleet do.
[[nodiscard]] PlannedFleet planned_fleet(const PlanConfig& config);

}  // namespace syncline
