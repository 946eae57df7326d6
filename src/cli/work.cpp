#include <memory>

#include "cli/command.hpp"
#include "cli/run_work.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline work --server 127.0.0.1:5000

Computes gradients for a `syncline serve`, on one thread: start one for each core. It takes the
configuration from the server. It waits for a server that is not there, and for one that is gone;
Ctrl-C ends it at any time without harm to the run.)text";

}  // namespace

void add_work(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("work", "take part in a run of `serve` as a worker");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<WorkFlags>();
  app->add_option("--server", flags->server, "where it listens")->type_name("HOST:PORT");
  flags->cluster.add_to(*app);
  app->add_option("--data-folder", flags->data_folder,
                  "where data sets are kept here; default: as in the server's configuration")
      ->type_name("DIR");
  app->add_option("--give-up", flags->give_up,
                  "seconds without a connection after which it ends; 0: never (default 300)")
      ->type_name("SECONDS");
  app->callback([&job, flags] { job = [flags] { return run_work(*flags); }; });
}

}  // namespace syncline
