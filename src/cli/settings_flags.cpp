#include "cli/settings_flags.hpp"

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// `--set a.b=c`
void assign(Settings& settings, const std::string& assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos) {
    throw ConfigError("--set needs key=value, not '" + assignment + "'");
  }
  const std::string key = assignment.substr(0, equals);
  set_from_text(settings, find_option(key), assignment.substr(equals + 1), "--set " + key);
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::string placeholder(const Option& option) {
  const std::string type = type_name(option);
  if (type == "number") return "NUMBER";
  if (type == "whole number") return "COUNT";
  if (!option.choices.empty()) {
    std::string words;
    for (const auto& choice : option.choices) words += (words.empty() ? "" : "|") + choice;
    return words;
  }
  return type == "text" ? "TEXT" : "LIST";
}

}  // namespace

SettingsFlags::SettingsFlags(CLI::App& app, Command command) : command_(command) {
  app.add_option("--config", config_file_, "TOML file with any of these options")
      ->type_name("FILE");
  app.add_option("--set", assignments_, "one option by its key, `fleet.workers=16`; comes last")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--dry-run", dry_run_,
               "check everything, print the resolved configuration as TOML, and stop");
  for (const auto& option : options()) {
    if (!option.used_by(command)) continue;
    Given& given = given_[option.key];
    given.option = &option;
    const bool is_switch = type_name(option) == "true or false";
    given.flag = is_switch ? app.add_flag(option.flag, given.text, option.description)
                           : app.add_option(option.flag, given.text, option.description);
    if (!is_switch) given.flag->type_name(placeholder(option));
    given.flag->group("[" + option.key.substr(0, option.key.find('.')) + "]");
  }
}

Settings SettingsFlags::resolve(Settings base) const {
  if (!config_file_.empty()) apply_toml_file(base, config_file_);
  for (const auto& [key, given] : given_) {
    if (given.flag->count() == 0) continue;
    set_from_text(base, *given.option, given.text, given.option->flag);
  }
  for (const auto& assignment : assignments_) assign(base, assignment);
  std::string& workload = base.race.run.model.workload;
  if (command_ != Command::simulate && ends_with(workload, ".pt")) {
    workload = "torchscript(file=" + workload + ")";
  }
  return base;
}

}  // namespace syncline
