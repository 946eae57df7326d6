#include "fleet/monkey/replay_check.hpp"

#include <cstring>
#include <memory>

#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"

namespace syncline::testing {

std::vector<std::string> replay_violations(RunConfig config, const std::vector<double>& state,
                                           const Account& account) {
  config.replay = config.log;
  config.log.clear();
  config.checkpoint.clear();
  config.durability = RunConfig().durability;
  config.resume.clear();
  const auto workload = load_workload<double>(config.model);
  TrainingRun<double> run(config, workload,
                          std::make_shared<const FleetTiming>(config.fleet, 1000.0));
  const Account again = run.run({}).account;
  const std::vector<double>& replayed = run.state();
  std::vector<std::string> violations;
  if (replayed.size() != state.size() ||
      std::memcmp(replayed.data(), state.data(), state.size() * sizeof(double)) != 0) {
    violations.emplace_back("the replay of the log gives other bits");
  }
  if (again.applied != account.applied || again.dropped != account.dropped ||
      again.lost != account.lost || again.cancelled != account.cancelled ||
      again.held != account.held) {
    violations.emplace_back("the replay of the log has another account of its gradients");
  }
  return violations;
}

}  // namespace syncline::testing
