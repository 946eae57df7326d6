#include "syncline/simulate.hpp"

#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include "fleet/virtual/runtimes.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "syncline/error.hpp"
#include "trace/config_json.hpp"
#include "trace/document.hpp"
#include "trace/event_log.hpp"
#include "trace/run_statistics.hpp"

namespace syncline {
namespace {

/// How often the clock of the outside is looked at, in updates (and at least at every one of them
/// where updates are long).
constexpr std::uint64_t progress_period = 4096;

nlohmann::ordered_json result_json(const SimulationConfig& config, const VirtualFleet& fleet,
                                   const RunStatistics& statistics) {
  const auto standard_error = statistics.runtime_stderr();
  nlohmann::ordered_json result;
  result["policy"] = config.policy;
  result["workers"] = config.fleet.workers;
  result["delay"] = config.fleet.delay;
  result["seed"] = config.seed;
  result["updates"] = fleet.host().version();
  result["elapsed"] = fleet.now();
  result["startup_excluded"] = statistics.startup_excluded();
  result["startup_updates"] = statistics.startup_updates();
  result["runtime_per_update"] = {
      {"mean", statistics.runtime_per_update()},
      {"stderr", standard_error ? nlohmann::ordered_json(*standard_error) : nullptr}};
  result["staleness"] = {{"mean", statistics.staleness().mean()},
                         {"max", statistics.staleness().largest()},
                         {"histogram", statistics.staleness().counts()}};
  result["fresh_fraction"] = statistics.fresh_fraction();
  result["fresh_fraction_by_position"] = statistics.fresh_fraction_by_position();
  result["idle_fraction"] = statistics.idle_fraction();
  result["cancelled_time_fraction"] = statistics.cancelled_time_fraction();
  result["cancelled_job_fraction"] = statistics.cancelled_job_fraction();
  result["gradients"] = to_json(fleet.host().account());
  return result;
}

}  // namespace

nlohmann::ordered_json simulate(const SimulationConfig& config, const Progress& progress) {
  if (config.updates == 0) throw ConfigError("updates must be at least 1");
  const auto timing =
      std::make_shared<const FleetTiming>(config.fleet, static_cast<double>(config.message_bytes));
  PolicyContext context = policy_context(timing, config.seed);
  context.shrink = shrinks(config.fleet);
  auto policy = make_policy(config.policy, context);
  if (!policy->requirements().measurements.empty()) {
    throw ConfigError("the policy '" + config.policy + "' needs a " +
                      policy->requirements().measurements.front().name +
                      ", and a simulation has no gradients: use train or race");
  }
  if (policy->requirements().observables.any()) {
    throw ConfigError("the policy '" + config.policy +
                      "' looks at gradients, and a simulation has none: use train or race");
  }
  VirtualFleet fleet(Host(std::move(policy), config.policy, config.fleet.workers),
                     VirtualClock(timing, config.seed));
  RunStatistics statistics(config.fleet.workers, config.updates, config.include_startup);
  fleet.host().add_observer(&statistics);

  std::optional<EventLog> log;
  std::optional<UpdateRecorder> recorder;
  if (!config.log.empty()) {
    log.emplace(config.log, to_json(config));
    recorder.emplace(config.fleet.workers, [&](const UpdateRecord& record) { log->write(record); });
    fleet.host().add_observer(&*recorder);
  }

  fleet.begin();
  bool interrupted = false;
  std::uint64_t events = 0;
  while (fleet.host().version() < config.updates && !fleet.host().finished()) {
    if (!std::isfinite(fleet.next_time())) {
      throw DataError(fleet.why_nothing_happens());
    }
    fleet.advance();
    if (++events % progress_period == 0) {
      progress.report("simulating", static_cast<double>(fleet.host().version()) /
                                        static_cast<double>(config.updates));
      if (log) {
        for (const std::string& news : log->news()) progress.warning(news);
      }
      if ((interrupted = progress.stop())) break;
    }
  }
  nlohmann::ordered_json result = result_json(config, fleet, statistics);
  if (interrupted) result["interrupted"] = true;
  if (log) {
    log->write({{"event", "end"},
                {"outcome", outcome_name(interrupted ? Outcome::interrupted : Outcome::finished)},
                {"updates", fleet.host().version()},
                {"time", fleet.now()},
                {"gradients", to_json(fleet.host().account())}});
    log->close();
  }
  return result;
}

}  // namespace syncline
