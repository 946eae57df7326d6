#include "syncline/train.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/run_training.hpp"
#include "cli/settings_flags.hpp"
#include "cli/train_on_ranks.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline train --model softmax --data fashion-mnist --policy "k-async(k=4)" --time 100

Trains one model under one policy on the virtual fleet: real gradients, simulated time, bit for bit
the same on any number of cores.)text";

ExitCode run_train(const RaceConfig& config, bool json) {
  return run_training(config, json, [&](const Progress& progress) {
    return is_node_method(config.run.policy) ? train_decentralised(config.run, progress)
                                             : train(config.run, progress);
  });
}

}  // namespace

void add_train(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("train", "train one model under one policy");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::train);
  auto json = std::make_shared<bool>(false);
  app->add_flag("--json", *json, "print the result as one JSON object");
  app->callback([&job, flags, json] {
    job = [flags, json] {
      const Settings settings = flags->resolve(default_settings(Command::train));
      if (settings.race.run.fleet.kind == "mpi" && !flags->dry_run()) {
        return train_on_ranks(*flags, *json);
      }
      check_settings(settings, Command::train);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::train));
        return ExitCode::done;
      }
      return run_train(settings.race, *json);
    };
  });
}

}  // namespace syncline
