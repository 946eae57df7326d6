#include "plan/what_if.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "fleet/virtual/runtimes.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "plan/recorded_times.hpp"
#include "syncline/error.hpp"
#include "trace/run_statistics.hpp"

namespace syncline {
namespace {

/// Recorded jobs of each worker.
std::vector<std::uint64_t> recorded_jobs(const Timings& timings) {
  std::vector<std::uint64_t> jobs(timings.workers);
  for (const Timing& job : timings.jobs) ++jobs[job.worker];
  return jobs;
}

/// Share of the started jobs whose times were recorded.
double recorded_share(const Host& host, const std::vector<std::uint64_t>& recorded) {
  double known = 0;
  double started = 0;
  for (WorkerId worker = 0; worker < host.workers(); ++worker) {
    const std::uint64_t jobs = host.job(worker).job + 1;
    known += static_cast<double>(std::min(jobs, recorded[worker]));
    started += static_cast<double>(jobs);
  }
  return known / started;
}

/// Measured times contain whatever communication there was: the replay adds none.
FleetConfig bare_fleet(const PlannedFleet& fleet) {
  FleetConfig config;
  config.workers = fleet.config.workers;
  config.delay = fleet.config.delay;
  return config;
}

}  // namespace

void check_replayed(const std::string& policy, const PlannedFleet& fleet) {
  const auto timing = std::make_shared<const FleetTiming>(bare_fleet(fleet), 0);
  const auto requirements = make_policy(policy, policy_context(timing, 0))->requirements();
  if (requirements.observables.any()) {
    throw ConfigError("what-if replays times, not gradients, and '" + policy +
                      "' looks at gradients");
  }
  const auto& needed = requirements.measurements;
  if (needed.empty()) return;
  throw ConfigError("what-if replays times, not gradients, and '" + policy + "' needs a " +
                    needed.front().name);
}

nlohmann::ordered_json what_if(const std::vector<std::string>& policies, const PlannedFleet& fleet,
                               std::uint64_t seed) {
  const Timings& timings = *fleet.timings;
  const auto recorded = recorded_jobs(timings);
  std::uint64_t gradients = 0;
  for (const Timing& job : timings.jobs) gradients += job.censored ? 0 : 1;
  const FleetConfig config = bare_fleet(fleet);
  FleetTiming timing(config, 0);
  timing.profile = recorded_fleet(timings, timing.profile);
  const auto shared = std::make_shared<const FleetTiming>(std::move(timing));

  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (const std::string& text : policies) {
    VirtualFleet replay(Host(make_policy(text, policy_context(shared, seed)), text, config.workers),
                        VirtualClock(shared, seed));
    RunStatistics statistics(config.workers, 0, true);
    replay.host().add_observer(&statistics);
    replay.begin();
    while (replay.host().account().applied < gradients && !replay.host().finished() &&
           std::isfinite(replay.next_time())) {
      replay.advance();
    }
    const Host& host = replay.host();
    results.push_back({{"policy", text},
                       {"gradients", host.account().applied},
                       {"updates", host.version()},
                       {"time", replay.now()},
                       {"time_per_update", statistics.runtime_per_update()},
                       {"staleness", statistics.staleness().mean()},
                       {"idle_fraction", statistics.idle_fraction()},
                       {"cancelled_time_fraction", statistics.cancelled_time_fraction()},
                       {"recorded_share", recorded_share(host, recorded)}});
  }
  return results;
}

}  // namespace syncline
