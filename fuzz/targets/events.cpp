// Event logs of real fleets, as `replay` reads them.

#include <cmath>

#include <nlohmann/json.hpp>

#include "fleet/fleet_event.hpp"
#include "input_file.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

using Kind = FleetEvent::Kind;

void check(const std::filesystem::path& path) {
  double time = 0;
  for (const FleetEvent& event : read_events(path)) {
    promise(event.time >= time && std::isfinite(event.time), "time runs forwards");
    time = event.time;
  }
}

void take(std::string_view input) { read_as_file(input, check); }

std::vector<std::string> seeds() {
  std::string log = R"({"event":"run","schema":1,"version":"0.1.0","config":{}})"
                    "\n";
  for (const FleetEvent& event :
       {FleetEvent{Kind::up, 0.25, 1}, FleetEvent{Kind::arrival, 0.5, 1},
        FleetEvent{Kind::progress, 0.5, 0}, FleetEvent{Kind::timer, 1, 3},
        FleetEvent{Kind::arrival, 1.5, 0, 2, true}, FleetEvent{Kind::down, 2, 1}}) {
    log += to_json(event).dump() + "\n";
  }
  return {log};
}

}  // namespace

const Target events_target{"events", "an event log, for replay", take, seeds};

}  // namespace syncline::fuzz
