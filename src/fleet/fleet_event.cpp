#include "fleet/fleet_event.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "base/hostile_json.hpp"
#include "base/open_to_read.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using Kind = FleetEvent::Kind;

struct Name {
  Kind kind;
  const char* event;
  const char* index;
};

constexpr Name names[] = {{Kind::arrival, "arrive", "worker"},
                          {Kind::progress, "progress", "worker"},
                          {Kind::timer, "timer", "timer"},
                          {Kind::down, "down", "worker"},
                          {Kind::up, "up", "worker"}};

}  // namespace

std::optional<FleetEvent> read_event(const Json& record) {
  const std::string text = record.at("event");
  for (const Name& name : names) {
    if (text != name.event) continue;
    FleetEvent event;
    event.kind = name.kind;
    event.time = record.at("time");
    event.index = whole_number<std::uint32_t>(record.at(name.index));
    event.stopped = record.contains("steps");
    if (event.stopped) event.steps = whole_number<std::uint32_t>(record.at("steps"));
    return event;
  }
  return std::nullopt;
}

nlohmann::ordered_json to_json(const FleetEvent& event) {
  const Name& name = names[static_cast<int>(event.kind)];
  Json record = {{"event", name.event}, {"time", event.time}, {name.index, event.index}};
  if (event.stopped) record["steps"] = event.steps;
  return record;
}

std::vector<FleetEvent> read_events(const std::filesystem::path& log) {
  std::ifstream file = open_to_read(log, "the event log");
  std::vector<FleetEvent> events;
  std::string line;
  std::size_t number = 0;
  const auto at_line = [&](const char* why) {
    return DataError("'" + log.string() + "', line " + std::to_string(number) +
                     ", is no record of an event: " + why);
  };
  while (std::getline(file, line)) {
    ++number;
    try {
      const auto record = parse_hostile<Json>(line);
      // A crash may leave half a record, and it can only be the last.
      if (record.is_discarded()) {
        if (file.peek() == std::ifstream::traits_type::eof()) break;
        throw ConfigError("it is not JSON");
      }
      const auto event = read_event(record);
      if (!event) continue;
      if (!(event->time >= (events.empty() ? 0 : events.back().time))) {
        throw ConfigError("time runs backwards");
      }
      events.push_back(*event);
    } catch (const nlohmann::json::exception& error) {
      throw at_line(error.what());
    } catch (const ConfigError& error) {
      throw at_line(error.what());
    }
  }
  const auto arrival = std::find_if(events.begin(), events.end(), [](const FleetEvent& event) {
    return event.kind == Kind::arrival;
  });
  if (arrival == events.end()) {
    throw DataError("'" + log.string() +
                    "' holds no events: no payload arrives. Only the logs of real fleets hold "
                    "them; a virtual run is repeated by its configuration");
  }
  return events;
}

}  // namespace syncline
