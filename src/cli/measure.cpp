#include "syncline/measure.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/measure_table.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"
#include "cli/write_document.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline measure --model softmax --data fashion-mnist --batch 32 --save constants.json

The constants that the error bounds and the planner need: gradient variance, smoothness, convexity,
how curvature, gradient and noise lie to each other, and, with --window, gamma of a policy.)text";

ExitCode run_measure(const Settings& settings, bool json) {
  check_output("--save", settings.race.save);
  WorkloadConstants constants;
  {
    ProgressLine line;
    constants = measure(settings.race.run, settings.measure, line.hooks());
  }
  const auto document = to_json(constants);
  if (!settings.race.save.empty()) write_document(settings.race.save, document);
  print(json ? document.dump() + "\n" : measure_table(constants, settings.race.run.policy));
  if (settings.measure.window > 0 && !constants.gamma) {
    print_note("gamma has no value: over the window the gradient can't be told from 0");
  }
  return ExitCode::done;
}

}  // namespace

void add_measure(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("measure", "the constants of a model, for `plan`");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::measure);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the constants as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::measure));
      check_settings(settings, Command::measure);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::measure));
        return ExitCode::done;
      }
      return run_measure(settings, *json);
    };
  });
}

}  // namespace syncline
