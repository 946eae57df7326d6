#include "chaos/fault_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chaos/fault_draw.hpp"
#include "chaos/step_plan.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// So long a worker is left alone after a fault, and the server: to come back, and do some work.
constexpr double worker_recovery = 0.5, server_recovery = 4;
/// No worker has this number: the draws of the run itself are others.
constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t most_faults = 10'000'000;

void check_times(const FaultPlanSettings& settings) {
  if (!(settings.rate > 0 && settings.rate <= 1000)) {
    throw ConfigError("--rate must be a number of faults per second above 0, up to 1000");
  }
  const bool kills = std::count(settings.kinds.begin(), settings.kinds.end(), FaultKind::kill) > 0;
  if (settings.kills > 0 && !kills) {
    throw ConfigError("--kills wants kills, and --faults has none");
  }
  if (settings.kills == 0 && !(settings.length > 0)) {
    throw ConfigError("nothing says how long the faults go on: give --kills or --time");
  }
  if (static_cast<double>(settings.kills) > 1e6 || settings.length * settings.rate > 1e6) {
    throw ConfigError("--kills, --rate and --time make a plan of more than a million faults");
  }
}

}  // namespace

std::vector<PlannedFault> make_fault_plan(const FaultPlanSettings& settings) {
  if (settings.kinds.empty()) throw ConfigError("--faults names no fault");
  if (settings.workers == 0) throw ConfigError("--workers must be at least 1");
  for (const FaultKind kind : settings.kinds) {
    const bool of_shard = kind == FaultKind::shard_kill || kind == FaultKind::shard_stop;
    if (of_shard && settings.shards == 0) {
      throw ConfigError("--faults " + std::string(row_of(kind).name) + " wants --shards");
    }
  }
  if (!settings.messages.empty()) return make_step_plan(settings);
  check_times(settings);
  std::vector<PlannedFault> plan;
  std::vector<double> worker_free(settings.workers, 0.0);
  double server_free = 0;
  double time = 0;
  std::uint64_t kills = 0;
  for (std::uint64_t i = 0; i < most_faults; ++i) {
    DrawStream draws(syncline::Stream::clients, {settings.seed, nobody, i});
    time += draws.exponential() / settings.rate;
    if (settings.kills == 0 && time > settings.length) break;
    const FaultKind kind = draw_fault_kind(settings.kinds, draws);
    PlannedFault fault = draw_fault(kind, settings, draws);
    fault.time = time;
    const FaultTarget target = row_of(kind).target;
    if (target == FaultTarget::worker) {
      double& free = worker_free[fault.worker];
      fault.time = std::max(time, free);
      free = fault.time + fault.lasts + worker_recovery;
    } else if (target == FaultTarget::server) {
      fault.time = std::max(time, server_free);
      server_free = fault.time + fault.lasts + server_recovery;
    }
    if (settings.kills == 0 && fault.time > settings.length) continue;
    plan.push_back(fault);
    if (kind == FaultKind::kill && ++kills == settings.kills) break;
  }
  std::stable_sort(plan.begin(), plan.end(), [](const PlannedFault& one, const PlannedFault& two) {
    return one.time < two.time;
  });
  return plan;
}

}  // namespace syncline
