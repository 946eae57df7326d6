#include "syncline/predict.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/prediction_table.hpp"
#include "cli/progress_line.hpp"
#include "cli/settings_flags.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline predict --policy "k-async(k=4)" --workers 8 --delay "exponential(rate=1)"

What theory says of a policy on these machines: time per update, staleness, waste, speed-up over sync
and, given the constants of the problem, the error against time. Each number says how much it can be
trusted; where formulas are off by more than 5 %, short simulations take their place.)text";

PredictConfig predict_config(const Settings& settings) {
  PredictConfig config;
  config.policy = settings.race.run.policy;
  config.fleet = settings.race.run.fleet;
  config.seed = settings.race.run.seed;
  config.message_bytes = settings.message_bytes;
  config.step_size = settings.race.run.optimizer.step_size;
  config.batch = settings.race.run.model.batch;
  config.problem = settings.problem;
  return config;
}

}  // namespace

void add_predict(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("predict", "what theory says of a policy on a fleet");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::predict);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the result as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::predict));
      check_settings(settings, Command::predict);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::predict));
        return ExitCode::done;
      }
      nlohmann::ordered_json result;
      {
        ProgressLine line;
        result = predict(predict_config(settings), line.hooks());
      }
      print(*json ? result.dump() + "\n" : prediction_table(result));
      return result.value("interrupted", false) ? ExitCode::interrupted : ExitCode::done;
    };
  });
}

}  // namespace syncline
