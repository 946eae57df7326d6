#include "fleet/shards/shard.hpp"

#include <memory>

#include "base/keep_freed_memory.hpp"
#include "cli/cluster_flags.hpp"
#include "cli/command.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"

namespace syncline {
namespace {

constexpr const char* introduction = R"text(Example:
  syncline shard --listen 127.0.0.1:5001
  syncline serve --listen 127.0.0.1:5000 --shards-at 127.0.0.1:5001,127.0.0.1:5002 --workers 4

Holds a slice of the parameters of a `syncline serve`, which then only decides what happens: the
workers send their gradients to the shards, each shard its slice. It takes the configuration from
the server, and serves one run after the other until it is stopped.)text";

struct ShardFlags {
  std::string listen, data_folder, coordinator_token_file;
  ClusterFlags cluster;
};

ExitCode run_shard(const ShardFlags& flags) {
  if (flags.listen.empty()) {
    throw ConfigError("nothing says where to listen: give --listen HOST:PORT (port 0: a free one)");
  }
  const GrpcSettings settings = flags.cluster.settings(server_files);
  const ShardTokens tokens = {flags.cluster.token(), read_token(flags.coordinator_token_file)};
  keep_freed_memory();
  const auto& interrupted = watch_interrupts();
  const GrpcServerEnd end = grpc_listen(flags.listen, settings);
  print_note("listening at " + end.address);
  serve_shard(*end.transport, tokens, flags.data_folder, print_note,
              [&] { return interrupted.load(std::memory_order_relaxed); });
  return ExitCode::interrupted;
}

}  // namespace

void add_shard(CLI::App& program, Job& job) {
  auto* app = program.add_subcommand("shard", "hold a slice of the parameters of `serve`");
  app->description(introduction);
  app->allow_extras();
  auto flags = std::make_shared<ShardFlags>();
  app->add_option("--listen", flags->listen, "where server and workers connect to")
      ->type_name("HOST:PORT");
  flags->cluster.add_to(*app);
  app->add_option("--coordinator-token-file", flags->coordinator_token_file,
                  "file with the secret that a server must show and no worker has; without it the "
                  "job's token is enough")
      ->type_name("FILE");
  app->add_option("--data-folder", flags->data_folder,
                  "where data sets are kept here; default: as in the server's configuration")
      ->type_name("DIR");
  app->callback([&job, flags] { job = [flags] { return run_shard(*flags); }; });
}

}  // namespace syncline
