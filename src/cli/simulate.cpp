#include "syncline/simulate.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"
#include "cli/simulation_table.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline simulate --policy "k-async(k=4)" --workers 8 --delay "exponential(rate=1)"

How long is an update, how stale a gradient? The policy runs on the virtual fleet without gradients,
only time: millions of events a second, for up to a million workers.)text";

ExitCode run_simulate(const Settings& settings, bool json) {
  check_output("--log", settings.race.run.log);
  nlohmann::ordered_json result;
  {
    ProgressLine line;
    result = simulate(simulation_config(settings), line.hooks());
  }
  print(json ? result.dump() + "\n" : simulation_table(result));
  return result.value("interrupted", false) ? ExitCode::interrupted : ExitCode::done;
}

}  // namespace

void add_simulate(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("simulate", "how long updates take and how stale they are");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::simulate);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the result as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::simulate));
      check_settings(settings, Command::simulate);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::simulate));
        return ExitCode::done;
      }
      return run_simulate(settings, *json);
    };
  });
}

}  // namespace syncline
