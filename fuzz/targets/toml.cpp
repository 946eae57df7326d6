// Configuration files.

#include "syncline/options.hpp"
#include "targets/entries.hpp"

namespace syncline::fuzz {
namespace {

constexpr Command commands[] = {Command::race,    Command::train,   Command::simulate,
                                Command::predict, Command::measure, Command::plan};

void take(std::string_view input) {
  Settings settings;
  apply_toml(settings, input, "input.toml");
  for (const Command command : commands) {
    const std::string text = to_toml(settings, command);
    Settings again;
    apply_toml(again, text, "written.toml");
    promise(to_toml(again, command) == text, "settings written as TOML are read back the same");
  }
}

std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const Command command : commands) {
    texts.push_back(to_toml(default_settings(command), command));
  }
  return texts;
}

}  // namespace

const Target toml_target{"toml", "a configuration file", take, seeds};

}  // namespace syncline::fuzz
