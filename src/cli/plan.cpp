#include "syncline/plan.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/plan_table.hpp"
#include "cli/program.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"
#include "cli/write_document.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline plan --workers 8 --delay "exponential(rate=1)" --model "quadratic(noise=1)" --measure
      --target 0.1

Which policy, K and step size reach the target soonest on these machines, what is gained over plain
sync, and why. The fleet is given by its delays or by a file of measured times (--timings); what is
known of the model comes from `syncline measure` (--constants, or --measure to do it now) or from the
log of a short training run (--pilot).)text";

PlanConfig plan_config(const Settings& settings) {
  PlanConfig config;
  config.race = settings.race;
  config.timings = settings.plan.timings;
  config.constants = settings.plan.constants;
  config.pilots = settings.plan.pilots;
  config.measure = settings.plan.measure;
  config.measure_settings = settings.measure;
  config.simulate = !settings.plan.theory_only;
  config.what_if = settings.plan.what_if;
  config.message_bytes = settings.message_bytes;
  return config;
}

ExitCode run_plan(const Settings& settings, bool json) {
  check_output("--save", settings.race.save);
  check_output("--report", settings.race.report);
  nlohmann::ordered_json document;
  {
    ProgressLine line;
    document = plan(plan_config(settings), line.hooks());
  }
  document["command"] = command_line();
  if (!settings.race.save.empty()) write_document(settings.race.save, document);
  if (!settings.race.report.empty()) write_report(settings.race.report, document);
  print(json ? document.dump() + "\n" : plan_table(document, stdout_has_colour()));
  if (document.at("interrupted").get<bool>()) return ExitCode::interrupted;
  return ExitCode::done;
}

}  // namespace

void add_plan(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("plan", "which policy to run on these machines, and why");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::plan);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the plan as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::plan));
      check_settings(settings, Command::plan);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::plan));
        return ExitCode::done;
      }
      return run_plan(settings, *json);
    };
  });
}

}  // namespace syncline
