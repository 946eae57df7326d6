// Configurations in JSON: those of logs, of checkpoints, and of a server's welcome.

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"
#include "syncline/options.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr Command commands[] = {Command::race, Command::train, Command::simulate};

void take(std::string_view input) {
  const Json sections = Json::parse(input, nullptr, false);
  if (sections.is_discarded()) throw ConfigError("no JSON");
  Settings settings;
  apply_json(settings, sections, "input");
  for (const Command command : commands) {
    const Json written = to_json(settings, command);
    Settings again;
    apply_json(again, Json::parse(written.dump()), "written");
    promise(to_json(again, command) == written, "settings written as JSON are read back the same");
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const Command command : commands) {
    texts.push_back(to_json(default_settings(command), command).dump());
  }
  return texts;
}

}  // namespace

const Target json_target{"json", "a configuration in JSON", take, seeds};

}  // namespace syncline::fuzz
