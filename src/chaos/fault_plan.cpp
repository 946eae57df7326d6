#include "chaos/fault_plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// So long a worker is left alone after a fault, and the server: to come back, and do some work.
constexpr double worker_recovery = 0.5, server_recovery = 4;
constexpr double longest_latency = 0.15;
constexpr std::uint64_t most_bytes = 4;
/// No worker has this number: the draws of the run itself are others.
constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t most_faults = 10'000'000;

void check(const FaultPlanSettings& settings) {
  if (settings.kinds.empty()) throw ConfigError("--faults names no fault");
  if (settings.workers == 0) throw ConfigError("--workers must be at least 1");
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

FaultKind draw_kind(const std::vector<FaultKind>& kinds, DrawStream& draws) {
  double sum = 0;
  for (const FaultKind kind : kinds) sum += row_of(kind).weight;
  double at = sum * draws.uniform();
  for (const FaultKind kind : kinds) {
    at -= row_of(kind).weight;
    if (at < 0) return kind;
  }
  return kinds.back();
}

/// Kind and target are drawn, then all that any kind may need: each number in its own place.
PlannedFault draw_fault(const FaultPlanSettings& settings, DrawStream& draws) {
  PlannedFault fault;
  fault.kind = draw_kind(settings.kinds, draws);
  const FaultRow& row = row_of(fault.kind);
  const auto worker = static_cast<std::uint32_t>(draws.below(settings.workers));
  const double lasts = draws.uniform();
  const double latency = draws.uniform();
  const auto bytes = static_cast<std::uint32_t>(1 + draws.below(most_bytes));
  const auto way = static_cast<LinkWay>(draws.below(3));
  const auto stranger = static_cast<StrangerKind>(draws.below(settings.tls ? 4 : 3));
  fault.key = draws.bits();
  if (row.of_worker) fault.worker = worker;
  fault.lasts = row.shortest + lasts * (row.longest - row.shortest);
  if (fault.kind == FaultKind::delay) fault.latency = latency * longest_latency;
  if (fault.kind == FaultKind::corrupt) fault.bytes = bytes;
  if (fault.kind == FaultKind::partition || fault.kind == FaultKind::corrupt) fault.way = way;
  if (fault.kind == FaultKind::stranger) fault.stranger = stranger;
  return fault;
}

}  // namespace

std::vector<PlannedFault> make_fault_plan(const FaultPlanSettings& settings) {
  check(settings);
  std::vector<PlannedFault> plan;
  std::vector<double> worker_free(settings.workers, 0.0);
  double server_free = 0;
  double time = 0;
  std::uint64_t kills = 0;
  for (std::uint64_t i = 0; i < most_faults; ++i) {
    DrawStream draws(syncline::Stream::clients, {settings.seed, nobody, i});
    time += draws.exponential() / settings.rate;
    if (settings.kills == 0 && time > settings.length) break;
    PlannedFault fault = draw_fault(settings, draws);
    fault.time = time;
    if (row_of(fault.kind).of_worker) {
      double& free = worker_free[fault.worker];
      fault.time = std::max(time, free);
      free = fault.time + fault.lasts + worker_recovery;
    } else if (fault.kind == FaultKind::server_kill) {
      fault.time = std::max(time, server_free);
      server_free = fault.time + fault.lasts + server_recovery;
    }
    if (settings.kills == 0 && fault.time > settings.length) continue;
    plan.push_back(fault);
    if (fault.kind == FaultKind::kill && ++kills == settings.kills) break;
  }
  std::stable_sort(plan.begin(), plan.end(), [](const PlannedFault& one, const PlannedFault& two) {
    return one.time < two.time;
  });
  return plan;
}

}  // namespace syncline
