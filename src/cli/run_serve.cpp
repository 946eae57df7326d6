#include "cli/run_serve.hpp"

#include <nlohmann/json.hpp>

#include "base/keep_freed_memory.hpp"
#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/launch.hpp"
#include "cli/run_training.hpp"
#include "fleet/training/train_over.hpp"
#include "syncline/decentralised.hpp"

namespace syncline {
namespace {

/// Shards are started beside the server, perhaps a little later.
constexpr std::chrono::seconds longest_wait_for_shards{60};

}  // namespace

Settings check_serve(Settings settings) {
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
  const std::string address = listening_address(flags.listen, this_environment());
  if (address.empty()) {
    throw ConfigError(
        "nothing says where to listen: give --listen HOST:PORT (port 0: a free one), or set "
        "SYNCLINE_ADDRESS, or MASTER_ADDR and MASTER_PORT");
  }
  const GrpcSettings grpc = flags.cluster.settings(server_files);
  const std::string token = flags.cluster.token();
  const std::string coordinator_token = read_token(flags.coordinator_token_file);
  keep_freed_memory();
  return run_training(settings.race, flags.json, [&](const Progress& progress) {
    GrpcServerEnd end = grpc_listen(address, grpc);
    print_note("listening at " + end.address);
    WayToWorkers way{std::move(end.transport), token, flags.heartbeat};
    way.wait_for_late = flags.wait_for_late;
    if (!flags.shards.empty()) {
      GrpcSettings to_shards = flags.cluster.settings(worker_files);
      to_shards.give_up = longest_wait_for_shards;
      for (const std::string& shard : flags.shards) {
        way.shards.push_back(
            {shard, grpc_connect(shard, to_shards), coordinator_token, flags.heartbeat});
      }
    }
    return train_over(settings.race.run, std::move(way), progress);
  });
}

}  // namespace syncline
