#include <charconv>

#include <nlohmann/json.hpp>

#include "config/sections.hpp"

namespace syncline {
namespace {

/// The shortest text that reads back to the same bits.
std::string digits(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

/// A JSON string is a TOML basic string too: options() lets no control characters in.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

template <class T, class Item>
std::string listed(const std::vector<T>& values, const Item& item) {
  std::string text = "[";
  for (std::size_t i = 0; i < values.size(); ++i) text += (i > 0 ? ", " : "") + item(values[i]);
  return text + "]";
}

struct TomlText {
  std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
  std::string operator()(const std::uint32_t* value) const { return std::to_string(*value); }
  std::string operator()(const std::uint64_t* value) const { return std::to_string(*value); }
  std::string operator()(const double* value) const { return digits(*value); }
  std::string operator()(const std::string* value) const { return quoted(*value); }
  std::string operator()(const std::vector<std::string>* values) const {
    return listed(*values, quoted);
  }
  std::string operator()(const std::vector<double>* values) const {
    return listed(*values, digits);
  }
};

std::string section_of(const Option& option) { return option.key.substr(0, option.key.find('.')); }
std::string name_of(const Option& option) { return option.key.substr(option.key.find('.') + 1); }

}  // namespace

bool changes_results(const Option& option) {
  return section_of(option) != "output" && option.key != "run.threads" &&
         option.key != "model.data_folder";
}

Settings default_settings(Command command) {
  Settings settings;
  if (command == Command::simulate) settings.race.run.stop.updates = SimulationConfig{}.updates;
  if (command == Command::plan) settings.race.run.stop.metric = "train_loss";
  return settings;
}

std::string to_toml(const Settings& settings, Command command) {
  Settings copy = settings;
  std::string text;
  std::string section;
  for (const auto& option : options()) {
    if (!option.used_by(command)) continue;
    if (section_of(option) != section) {
      text += section.empty() ? "" : "\n";
      section = section_of(option);
      text += "[" + section + "]\n";
    }
    text += name_of(option) + " = " + std::visit(TomlText{}, option.place(copy)) + "\n";
  }
  return text;
}

nlohmann::ordered_json to_json(const Settings& settings, Command command) {
  Settings copy = settings;
  nlohmann::ordered_json sections = nlohmann::ordered_json::object();
  for (const auto& option : options()) {
    if (!option.used_by(command) || !changes_results(option)) continue;
    std::visit([&](const auto* value) { sections[section_of(option)][name_of(option)] = *value; },
               option.place(copy));
  }
  return sections;
}

Settings settings_of(const SimulationConfig& config) {
  Settings settings;
  settings.race.run.policy = config.policy;
  settings.race.run.seed = config.seed;
  settings.race.run.stop.updates = config.updates;
  settings.race.run.fleet = config.fleet;
  settings.race.run.log = config.log;
  settings.include_startup = config.include_startup;
  settings.message_bytes = config.message_bytes;
  return settings;
}

SimulationConfig simulation_config(const Settings& settings) {
  SimulationConfig config;
  config.policy = settings.race.run.policy;
  config.seed = settings.race.run.seed;
  config.updates = settings.race.run.stop.updates;
  config.fleet = settings.race.run.fleet;
  config.log = settings.race.run.log;
  config.include_startup = settings.include_startup;
  config.message_bytes = settings.message_bytes;
  return config;
}

}  // namespace syncline
