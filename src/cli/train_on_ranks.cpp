#include "cli/train_on_ranks.hpp"

#include <csignal>

#include <nlohmann/json.hpp>

#include "cli/check.hpp"
#include "cli/console.hpp"
#include "cli/launch.hpp"
#include "cli/program.hpp"
#include "cli/run_training.hpp"
#include "fleet/cluster/work.hpp"
#include "fleet/shards/shard.hpp"
#include "fleet/training/train_over.hpp"
#include "syncline/decentralised.hpp"
#include "transport/mpi/mpi_job.hpp"

namespace syncline {
namespace {

Settings settings_for(const MpiJob& job, const SettingsFlags& flags) {
  const auto shards = static_cast<std::uint32_t>(job.shards().size());
  const auto workers = static_cast<std::uint32_t>(job.ranks()) - 1 - shards;
  Settings settings = default_settings(Command::train);
  settings.race.run.fleet.workers = workers;
  settings = flags.resolve(std::move(settings));
  const RunConfig& run = settings.race.run;
  if (run.fleet.workers != workers) {
    throw ConfigError("fleet.workers is " + std::to_string(run.fleet.workers) + ", but of the " +
                      std::to_string(job.ranks()) + " ranks of this job rank 0 is the server" +
                      (shards == 0 ? "" : ", " + std::to_string(shards) + " are shards") + " and " +
                      std::to_string(workers) + " are workers: leave it out, or start " +
                      std::to_string(std::uint64_t{run.fleet.workers} + 1 + shards) + " ranks");
  }
  check_settings(settings, Command::train);
  if (is_node_method(run.policy)) {
    throw ConfigError("'" + run.policy +
                      "' has no server, and so no fleet 'mpi': leave --fleet out");
  }
  return settings;
}

ExitCode serve(MpiJob& job, const SettingsFlags& flags, bool json) {
  if (job.ranks() == 1) {
    throw ConfigError(
        "the fleet 'mpi' is a job of several processes, a server and its workers, and this is the "
        "only one; start them together, for 4 workers by\n  mpirun -n " +
        std::to_string(5 + job.shards().size()) + " --bind-to none " + command_line());
  }
  if (static_cast<std::size_t>(job.ranks()) < job.shards().size() + 2) {
    throw ConfigError(
        "of the " + std::to_string(job.ranks()) + " ranks of this job one is the server, " +
        "and with --shards " + std::to_string(job.shards().size()) +
        " none is left to be a worker: start at least " + std::to_string(job.shards().size() + 2));
  }
  Settings settings = settings_for(job, flags);
  resume_after_restart(settings.race.run, this_environment());
  return run_training(settings.race, json, [&](const Progress& progress) {
    WayToWorkers way{job.server()};
    for (const std::string& shard : job.shards()) {
      way.shards.push_back({shard, job.to_shard(shard)});
    }
    return train_over(settings.race.run, std::move(way), progress);
  });
}

ExitCode take_part(MpiJob& job, const std::string& data_folder) {
  // Whoever stops the job tells all ranks at once. The server ends the run, and so this rank.
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) std::signal(number, SIG_IGN);
  const auto keep_silent = [](const std::string&) {};
  if (job.is_shard()) {
    serve_shard(*job.server(), {}, data_folder, keep_silent, [&] { return job.is_over(); });
    return ExitCode::done;
  }
  const auto transport = job.worker();
  try {
    work(
        *transport, "", data_folder, keep_silent, [] { return false; },
        [&](const std::string& shard) { return job.to_shard(shard); });
  } catch (const MpiJobOver&) {
    // It ended while this rank had no part in it.
  }
  return ExitCode::done;
}

}  // namespace

ExitCode train_on_ranks(const SettingsFlags& flags, std::uint32_t shards, bool json) {
  const std::string data_folder =
      flags.resolve(default_settings(Command::train)).race.run.model.data_folder;
  MpiJob job(static_cast<int>(shards));
  ExitCode code = ExitCode::done;
  try {
    code = job.rank() == 0 ? serve(job, flags, json) : take_part(job, data_folder);
  } catch (const Error& error) {
    // Here, since the end of the job may be that of the process.
    const std::string who = job.rank() == 0 ? "" : "rank " + std::to_string(job.rank()) + ": ";
    print_error(who + error.what());
    code = error.exit_code();
  }
  job.end(static_cast<int>(code));
  return code;
}

}  // namespace syncline
