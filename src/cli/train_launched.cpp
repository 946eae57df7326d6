#include "cli/train_launched.hpp"

#include "cli/console.hpp"
#include "cli/launch.hpp"
#include "cli/program.hpp"
#include "cli/run_work.hpp"

namespace syncline {
namespace {

/// For rank 0, in seconds: where it is gone for good, the launcher ends or restarts all together.
constexpr double longest_wait = 60;
/// For rank 0, at the end of a short run, in seconds: workers that are still starting, or pause
/// between two attempts to connect.
constexpr double longest_wait_for_late = 15;

LaunchedProcess this_process(const Environment& environment) {
  const auto process = launched_process(environment);
  if (!process || process->size == 1) {
    throw ConfigError(
        "the fleet 'grpc' of train is a job of several processes, a server and its workers, that a "
        "launcher starts together, and " +
        std::string(process ? "this is the only one" : "no variable of one is set") +
        "; for 4 workers by\n  torchrun --no_python --nproc_per_node 5 " + command_line() +
        "\nWithout a launcher there are `syncline serve` and `syncline work`");
  }
  return *process;
}

Settings settings_for(const LaunchedProcess& process, const SettingsFlags& flags) {
  const std::uint32_t workers = process.size - 1;
  Settings settings = default_settings(Command::train);
  settings.race.run.fleet.workers = workers;
  settings = flags.resolve(std::move(settings));
  if (settings.race.run.fleet.workers != workers) {
    throw ConfigError("fleet.workers is " + std::to_string(settings.race.run.fleet.workers) +
                      ", but of the " + std::to_string(process.size) + " processes that " +
                      process.launcher + " has started one is the server and " +
                      std::to_string(workers) + " are workers: leave it out");
  }
  return check_serve(std::move(settings));
}

/// Where the others find rank 0.
std::string server_address(const std::string& listen, const Environment& environment) {
  if (!listen.empty()) return listen;
  if (auto address = launcher_address(environment)) return *address;
  throw ConfigError(
      "nothing says where rank 0 listens: give --listen HOST:PORT, or set SYNCLINE_ADDRESS, or "
      "MASTER_ADDR and MASTER_PORT, to the same for all");
}

ExitCode take_part(const SettingsFlags& flags, const ServeFlags& serve, std::string address) {
  WorkFlags work;
  work.server = std::move(address);
  work.cluster = serve.cluster;
  work.data_folder = flags.resolve(default_settings(Command::train)).race.run.model.data_folder;
  work.quiet = true;
  work.give_up = longest_wait;
  return run_work(work);
}

}  // namespace

ExitCode train_launched(const SettingsFlags& flags, const ServeFlags& serve) {
  const Environment environment = this_environment();
  const LaunchedProcess process = this_process(environment);
  std::string address = server_address(serve.listen, environment);
  if (address.ends_with(":0")) {
    throw ConfigError("'" + address + "' is any free port, and the workers would not know which");
  }
  if (process.rank > 0) return take_part(flags, serve, std::move(address));
  Settings settings = settings_for(process, flags);
  resume_after_restart(settings.race.run, environment);
  print_note(process.launcher + " has started " + std::to_string(process.size) +
             " processes: rank 0, this one, is the server");
  ServeFlags patient = serve;
  patient.wait_for_late = longest_wait_for_late;
  return run_serve(settings, patient);
}

}  // namespace syncline
