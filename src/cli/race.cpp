#include "syncline/race.hpp"

#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/program.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"
#include "cli/write_document.hpp"
#include "syncline/report.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline race fashion-mnist

Trains one model under several policies on the same machines with the same delays, and says which
one reached the target first, by how much, and why. Writes an HTML page with pictures.)text";

constexpr const char* folder = "syncline-out";

const ReadyMadeRace& find_ready_made(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& ready : ready_made_races()) {
    if (ready.name == name) return ready;
    names.push_back(ready.name);
  }
  const auto near = nearest_name(name, names);
  throw ConfigError("unknown ready-made race '" + name + "'" +
                    (near ? "; did you mean '" + *near + "'?" : "") +
                    " (`syncline list races` prints all; your own: --config FILE)");
}

/// Empty places become files in syncline-out/, "none" becomes no file.
void place_outputs(RaceConfig& config) {
  const auto place = [&](std::string& file, const char* ending) {
    if (file.empty()) file = std::string(folder) + "/" + config.title + ending;
  };
  place(config.report, ".html");
  place(config.save, ".json");
}

void prepare_output(const std::string& option, const std::string& file) {
  if (file == "none") return;
  if (std::filesystem::path(file).parent_path() == folder) {
    std::error_code error;
    std::filesystem::create_directory(folder, error);
    if (error) {
      throw DataError(option + ": can't make the folder '" + folder + "' here: " + error.message() +
                      "; name a file elsewhere, or none");
    }
  }
  check_output(option, file);
}

bool anybody_reached_target(const nlohmann::ordered_json& document) {
  for (const auto& setting : document.at("settings")) {
    for (const auto& policy : setting.at("policies")) {
      if (policy.at("time_to_target").at("reached").get<std::uint64_t>() > 0) return true;
    }
  }
  return false;
}

ExitCode run_race(const RaceConfig& config, bool json) {
  prepare_output("--report", config.report);
  prepare_output("--save", config.save);
  nlohmann::ordered_json document;
  {
    ProgressLine line;
    document = race(config, line.hooks());
  }
  if (document.at("settings").empty()) {
    print_note("interrupted before the first run had begun: nothing was measured or written");
    return ExitCode::interrupted;
  }
  document["command"] = command_line();
  if (config.save != "none") write_document(config.save, document);
  if (config.report != "none") write_report(config.report, document);
  print(json ? document.dump() + "\n" : render_table(document, stdout_has_colour()));
  if (!json && config.report != "none") {
    print("\nThe pictures: " + std::filesystem::absolute(config.report).string() + "\n");
  }
  if (document.at("interrupted").get<bool>()) return ExitCode::interrupted;
  const bool missed = config.run.stop.target > 0 && !anybody_reached_target(document);
  return missed ? ExitCode::target_missed : ExitCode::done;
}

}  // namespace

void add_race(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("race", "which policy reaches the target first?");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::race);
  auto json = std::make_shared<bool>(false);
  auto name = std::make_shared<std::string>();
  app->add_option("name", *name, "a ready-made race; see `syncline list races`")->type_name("NAME");
  app->add_flag("--json", *json, "print the result as one JSON object");
  app->callback([&job, flags, json, name] {
    job = [flags, json, name] {
      Settings settings = default_settings(Command::race);
      if (!name->empty()) {
        const auto& ready = find_ready_made(*name);
        apply_toml(settings, ready.toml, ready.name);
      }
      settings = flags->resolve(settings);
      place_outputs(settings.race);
      check_settings(settings, Command::race);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::race));
        return ExitCode::done;
      }
      return run_race(settings.race, *json);
    };
  });
}

}  // namespace syncline
