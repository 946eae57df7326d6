#include "cli/option_table.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "syncline/options.hpp"

namespace syncline {
namespace {

constexpr std::pair<Command, const char*> command_names[] = {
    {Command::race, "race"},       {Command::train, "train"},     {Command::simulate, "simulate"},
    {Command::predict, "predict"}, {Command::measure, "measure"}, {Command::plan, "plan"}};

nlohmann::ordered_json default_of(const Option& option) {
  Settings settings;
  return std::visit([](const auto* value) { return nlohmann::ordered_json(*value); },
                    option.place(settings));
}

std::string users_of(const Option& option) {
  std::string users;
  for (const auto& [command, name] : command_names) {
    if (option.used_by(command)) users += (users.empty() ? "" : ", ") + std::string(name);
  }
  return users;
}

std::string choices_of(const Option& option) {
  std::string text;
  for (const auto& choice : option.choices) text += (text.empty() ? "" : ", ") + choice;
  return text.empty() ? "" : " (" + text + ")";
}

/// A '|' would end the cell.
std::string cell(std::string text) {
  for (auto bar = text.find('|'); bar != std::string::npos; bar = text.find('|', bar + 2)) {
    text.insert(bar, 1, '\\');
  }
  return text;
}

}  // namespace

std::string option_text() {
  std::string text;
  for (const auto& option : options()) {
    text += option.key + "  " + option.flag + "  [" + default_of(option).dump() + "]\n    " +
            option.description + choices_of(option) + "\n    " + type_name(option) + "; used by " +
            users_of(option) + "\n";
  }
  return text;
}

std::string option_json() {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& option : options()) {
    rows.push_back({{"key", option.key},
                    {"flag", option.flag},
                    {"type", type_name(option)},
                    {"default", default_of(option)},
                    {"choices", option.choices},
                    {"description", option.description},
                    {"commands", users_of(option)}});
  }
  return rows.dump(2) + "\n";
}

std::string option_markdown() {
  std::string text = "| Key | Flag | Type | Default | Meaning | Used by |\n";
  text += "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& option : options()) {
    text += "| `" + option.key + "` | `" + option.flag + "` | " + type_name(option) + " | `" +
            default_of(option).dump() + "` | " + cell(option.description + choices_of(option)) +
            " | " + users_of(option) + " |\n";
  }
  return text;
}

}  // namespace syncline
