#include "syncline/train.hpp"

#include <memory>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/launch.hpp"
#include "cli/run_training.hpp"
#include "cli/settings_flags.hpp"
#include "cli/train_launched.hpp"
#include "cli/train_on_ranks.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline train --model softmax --data fashion-mnist --policy "k-async(k=4)" --time 100

Trains one model under one policy. Without --fleet on the virtual fleet: real gradients, simulated
time, bit for bit the same on any number of cores. With --fleet threads, mpi or grpc in real time.)text";

ExitCode run_train(const RaceConfig& config, bool json) {
  if (is_node_method(config.run.policy) && config.run.metrics_port != 0) {
    throw ConfigError("'" + config.run.policy +
                      "' has no server whose metrics could be served: leave --metrics-port out");
  }
  return run_training(config, json, [&](const Progress& progress) {
    return is_node_method(config.run.policy) ? train_decentralised(config.run, progress)
                                             : train(config.run, progress);
  });
}

/// No job is larger.
constexpr std::uint32_t most_shards = 10'000;

void refuse_flags_of_grpc(const ServeFlags& serve) {
  const ClusterFlags& cluster = serve.cluster;
  if (serve.listen.empty() && cluster.tls_folder.empty() && cluster.token_file.empty() &&
      !cluster.insecure) {
    return;
  }
  throw ConfigError(
      "--listen, --tls-folder, --token-file and --insecure are of the fleet 'grpc': give --fleet "
      "grpc, or leave them out");
}

}  // namespace

void add_train(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("train", "train one model under one policy");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<SettingsFlags>(*app, Command::train);
  auto serve = std::make_shared<ServeFlags>();
  app->add_option("--listen", serve->listen,
                  "fleet grpc: where rank 0 listens; default: as the launcher says")
      ->type_name("HOST:PORT");
  serve->cluster.add_to(*app);
  auto shards = std::make_shared<std::uint32_t>(0);
  app->add_option("--shards", *shards,
                  "fleet mpi: ranks 1 to N hold slices of the parameters, and the next are workers")
      ->type_name("N")
      ->check(CLI::Range(0U, most_shards));
  app->add_flag("--json", serve->json, "print the result as one JSON object");
  app->callback([&job, flags, serve, shards] {
    job = [flags, serve, shards] {
      Settings settings = flags->resolve(default_settings(Command::train));
      const std::string& kind = settings.race.run.fleet.kind;
      if (kind == "mpi" && !flags->dry_run()) return train_on_ranks(*flags, *shards, serve->json);
      if (kind != "mpi" && *shards > 0) {
        throw ConfigError(
            "--shards is of the fleet 'mpi'; with `syncline serve` it is --shards-at");
      }
      if (kind == "grpc" && !flags->dry_run()) return train_launched(*flags, *serve);
      if (kind != "grpc") refuse_flags_of_grpc(*serve);
      check_settings(settings, Command::train);
      if (flags->dry_run()) {
        print(to_toml(settings, Command::train));
        return ExitCode::done;
      }
      resume_after_restart(settings.race.run, this_environment());
      return run_train(settings.race, serve->json);
    };
  });
}

}  // namespace syncline
