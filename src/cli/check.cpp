#include "cli/check.hpp"

#include <filesystem>
#include <unistd.h>

#include "syncline/aggregator.hpp"
#include "syncline/attack.hpp"
#include "syncline/codec.hpp"
#include "syncline/dataset.hpp"
#include "syncline/decentralised.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/optimizer.hpp"
#include "syncline/policy.hpp"
#include "syncline/slowness.hpp"
#include "syncline/step_size.hpp"
#include "syncline/transform.hpp"
#include "syncline/workload.hpp"

namespace syncline {
namespace {

/// Name and arguments of a registered thing whose making would load data.
template <class Factory>
const RegistryEntry<Factory>& check_spec(const Registry<Factory>& registry,
                                         const std::string& text) {
  const Spec spec = parse_spec(text);
  const auto& entry = registry.find(spec.name);
  static_cast<void>(Arguments(spec, entry.parameters));
  return entry;
}

void check_policy(const std::string& text, std::uint32_t workers) {
  if (is_node_method(text)) {
    static_cast<void>(make_node_method(text));
    return;
  }
  PolicyContext context;
  context.workers = workers;
  // Here only the text is judged; the fleet's real runtimes are simulated when the run begins.
  context.runtimes = [](const std::string&, std::uint64_t k_max) {
    std::vector<double> runtimes(k_max);
    for (std::size_t i = 0; i < runtimes.size(); ++i) runtimes[i] = static_cast<double>(i + 1);
    return runtimes;
  };
  static_cast<void>(make_policy(text, context));
}

void check_fleet(const FleetConfig& fleet) {
  static_cast<void>(DelayProfile::parse(fleet.delay, fleet.workers));
  static_cast<void>(Slowness::parse(fleet.slowness));
  for (const std::string& law : {fleet.lifetime, fleet.absence}) {
    if (!law.empty() && law != "none") static_cast<void>(make_delay_law(law));
  }
}

void check_model(const RunConfig& run) {
  const auto& workload = check_spec(workloads(), run.model.workload);
  if (workload.make.needs_dataset) check_spec(datasets(), run.model.data);
  check_partition(run.model.partition);
  static_cast<void>(make_optimizer<double>(run.optimizer.name, 1));
  static_cast<void>(make_schedule(run.optimizer.schedule));
  static_cast<void>(make_rule(run.optimizer.rule));
  check_spec(aggregators(), run.server.aggregator);
  check_spec(transforms(), run.server.transform);
  check_spec(codecs(), run.worker.codec);
  check_spec(codecs(), run.worker.pull_codec);
  check_spec(attacks(), run.worker.attack);
}

void check_training(const RunConfig& run) {
  check_model(run);
  if (run.stop.updates == 0 && run.stop.time == 0) {
    throw ConfigError(
        "nothing would end the run for certain: --updates and --time are both 0, which is no "
        "limit; "
        "give one of them");
  }
}

void check_race(const RaceConfig& race) {
  if (race.policies.empty()) {
    throw ConfigError(
        "no policy is in the race: name some with --policies or in race.policies, or take a "
        "ready-made race (`syncline list races`)");
  }
  const bool everybody = race.policies == std::vector<std::string>{"all"};
  for (const auto& policy : race.policies) {
    if (!everybody) check_policy(policy, race.run.fleet.workers);
  }
  if (race.step_sizes != "same" && race.step_size_grid.empty()) {
    throw ConfigError("race.step_size_grid is empty, so there is nothing to tune");
  }
  if (race.title.find('/') != std::string::npos || race.title.empty()) {
    throw ConfigError("race.title names files, so it can't be empty or hold a '/'");
  }
}

}  // namespace

void check_settings(const Settings& settings, Command command) {
  const RunConfig& run = settings.race.run;
  check_fleet(run.fleet);
  const bool one_policy =
      command == Command::train || command == Command::simulate || command == Command::predict;
  if (one_policy && command != Command::train && is_node_method(run.policy)) {
    throw ConfigError("'" + run.policy + "' has no server, and only train and race run that");
  }
  if (one_policy) check_policy(run.policy, run.fleet.workers);
  if (command == Command::race) check_race(settings.race);
  if (command == Command::race || command == Command::train) check_training(run);
  if (command == Command::measure) check_model(run);
  // A policy that gamma is not measured of may be anything, such as the default for more workers.
  if (command == Command::measure && settings.measure.window > 0) {
    check_policy(run.policy, run.fleet.workers);
  }
  if (command == Command::simulate && run.stop.updates == 0) {
    throw ConfigError("stop.updates must be at least 1 in a simulation");
  }
}

void check_output_folder(const std::string& option, const std::string& folder) {
  if (!std::filesystem::is_directory(folder)) return check_output(option, folder);
  if (access(folder.c_str(), W_OK) != 0) {
    throw DataError(option + ": can't write '" + folder + "': the folder is not writable");
  }
}

void check_output(const std::string& option, const std::string& file) {
  if (file.empty()) return;
  std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (folder.empty()) folder = ".";
  const std::string what = option + ": can't write '" + file + "': ";
  if (!std::filesystem::is_directory(folder)) {
    throw DataError(what + "the folder '" + folder.string() + "' does not exist");
  }
  if (std::filesystem::is_directory(file)) throw DataError(what + "it is a folder");
  // A device or pipe is written through, so its folder may be anybody's.
  if (std::filesystem::is_other(file) && access(file.c_str(), W_OK) == 0) return;
  if (access(folder.c_str(), W_OK) != 0) {
    throw DataError(what + "the folder '" + folder.string() + "' is not writable");
  }
}

}  // namespace syncline
