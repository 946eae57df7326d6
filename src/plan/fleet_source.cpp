#include "plan/fleet_source.hpp"

namespace syncline {

PlannedFleet planned_fleet(const PlanConfig& config) {
  PlannedFleet fleet;
  fleet.config = config.race.run.fleet;
  if (config.timings.empty() && config.pilots.empty()) {
    fleet.source = "as given";
    return fleet;
  }
  const std::string& file = config.timings.empty() ? config.pilots.front() : config.timings;
  fleet.timings = read_timings(file);
  fleet.fit = fit_fleet(*fleet.timings);
  fleet.config.workers = fleet.timings->workers;
  fleet.config.delay = fleet.fit->profile;
  fleet.source = "fitted to " + file;
  fleet.notes = fleet.fit->findings;
  for (const auto& warning : fleet.timings->warnings) fleet.notes.push_back(warning);
  for (const auto& warning : fleet.fit->warnings) fleet.notes.push_back(warning);
  return fleet;
}

}  // namespace syncline
