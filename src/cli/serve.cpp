#include <memory>

#include <nlohmann/json.hpp>

#include "base/keep_freed_memory.hpp"
#include "cli/check.hpp"
#include "cli/cluster_flags.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/run_training.hpp"
#include "cli/settings_flags.hpp"
#include "fleet/training/train_over.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline serve --listen 127.0.0.1:5000 --workers 4 --model softmax --policy "k-async(k=2)" --time 60
  syncline work --server 127.0.0.1:5000

Trains as `train` does, on workers that run `syncline work`, here or on other machines. They may
join, leave and return at any time; the run begins to move when the first are there.)text";

struct ServeFlags {
  std::string listen;
  ClusterFlags cluster;
  bool json = false;
};

Settings checked(Settings settings) {
  RunConfig& run = settings.race.run;
  if (run.fleet.kind != "virtual" && run.fleet.kind != "grpc") {
    throw ConfigError("serve has a fleet of its own, not '" + run.fleet.kind +
                      "': leave --fleet out");
  }
  run.fleet.kind = "grpc";
  check_settings(settings, Command::train);
  if (is_node_method(run.policy)) {
    throw ConfigError("'" + run.policy + "' has no server: `syncline train` simulates its nodes");
  }
  return settings;
}

ExitCode run_serve(const Settings& settings, const ServeFlags& flags) {
  if (flags.listen.empty()) throw ConfigError("serve needs --listen HOST:PORT; port 0: a free one");
  const GrpcSettings grpc = flags.cluster.settings(server_files);
  const std::string token = flags.cluster.token();
  keep_freed_memory();
  return run_training(settings.race, flags.json, [&](const Progress& progress) {
    GrpcServerEnd end = grpc_listen(flags.listen, grpc);
    print_note("listening at " + end.address);
    Progress hooks = progress;
    if (flags.json) hooks.noted = [](double, const std::string& text) { print_note(text); };
    return train_over(settings.race.run, std::move(end.transport), token, hooks);
  });
}

}  // namespace

void add_serve(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("serve", "train one model on workers that connect");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<ServeFlags>();
  app->add_option("--listen", flags->listen, "where workers connect to; port 0: a free one")
      ->type_name("HOST:PORT");
  flags->cluster.add_to(*app);
  auto settings_flags = std::make_shared<SettingsFlags>(*app, Command::train);
  app->add_flag("--json", flags->json, "print the result as one JSON object");
  app->callback([&job, flags, settings_flags] {
    job = [flags, settings_flags] {
      const Settings settings = checked(settings_flags->resolve(default_settings(Command::train)));
      if (settings_flags->dry_run()) {
        print(to_toml(settings, Command::train));
        return ExitCode::done;
      }
      return run_serve(settings, *flags);
    };
  });
}

}  // namespace syncline
