#include "trace/config_json.hpp"

#include <nlohmann/json.hpp>

#include "syncline/options.hpp"

namespace syncline {

nlohmann::ordered_json to_json(const RunConfig& config) {
  Settings settings;
  settings.race.run = config;
  return to_json(settings, Command::train);
}

nlohmann::ordered_json to_json(const RaceConfig& config) {
  Settings settings;
  settings.race = config;
  return to_json(settings, Command::race);
}

nlohmann::ordered_json to_json(const SimulationConfig& config) {
  return to_json(settings_of(config), Command::simulate);
}

}  // namespace syncline
