#include <memory>

#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/launch.hpp"
#include "cli/run_serve.hpp"
#include "cli/settings_flags.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline serve --listen 127.0.0.1:5000 --workers 4 --model softmax --policy "k-async(k=2)" --time 60
  syncline work --server 127.0.0.1:5000

Trains as `train` does, on workers that run `syncline work`, here or on other machines. They may
join, leave and return at any time; the run begins to move when the first are there.)text";

}  // namespace

void add_serve(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("serve", "train one model on workers that connect");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<ServeFlags>();
  app->add_option("--listen", flags->listen, "where workers connect to; port 0: a free one")
      ->type_name("HOST:PORT");
  flags->cluster.add_to(*app);
  app->add_option("--shards-at", flags->shards,
                  "where each `syncline shard` listens that holds a slice of the parameters, "
                  "separated by commas")
      ->type_name("HOST:PORT,...")
      ->delimiter(',');
  app->add_option("--coordinator-token-file", flags->coordinator_token_file,
                  "file with the secret that shards want of their server and that no worker has")
      ->type_name("FILE");
  app->add_option("--heartbeat", flags->heartbeat,
                  "seconds between the workers' signs of life; silent for three, a worker is down "
                  "(default 0.2)")
      ->type_name("SECONDS");
  auto settings_flags = std::make_shared<SettingsFlags>(*app, Command::train);
  app->add_flag("--json", flags->json, "print the result as one JSON object");
  app->callback([&job, flags, settings_flags] {
    job = [flags, settings_flags] {
      Settings settings = check_serve(settings_flags->resolve(default_settings(Command::train)));
      if (settings_flags->dry_run()) {
        print(to_toml(settings, Command::train));
        return ExitCode::done;
      }
      resume_after_restart(settings.race.run, this_environment());
      return run_serve(settings, *flags);
    };
  });
}

}  // namespace syncline
