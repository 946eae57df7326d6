#include "fleet/training/make_run_fleet.hpp"

#include <chrono>
#include <numeric>

#include <nlohmann/json.hpp>

#include "fleet/cluster/remote_workers.hpp"
#include "fleet/live/live_fleet.hpp"
#include "fleet/threads/worker_threads.hpp"
#include "fleet/virtual/virtual_run_fleet.hpp"
#include "fleet/worker/worker_parts.hpp"
#include "syncline/attack.hpp"
#include "syncline/error.hpp"
#include "trace/config_json.hpp"

namespace syncline {
namespace {

template <class Real>
std::unique_ptr<RunFleet<Real>> virtual_fleet(const RunParts<Real>& parts, Host host) {
  const RunConfig& config = parts.config;
  VirtualClock clock = config.replay.empty() ? VirtualClock(parts.timing, config.seed)
                                             : VirtualClock(read_events(config.replay));
  return std::make_unique<VirtualRunFleet<Real>>(
      VirtualFleet(std::move(host), std::move(clock)),
      std::make_unique<GradientJobs<Real>>(parts.workload, parts.sampler, parts.config,
                                           parts.requirements, parts.program, parts.momentum,
                                           parts.wire, parts.server, parts.pool),
      parts.pool, parts.threads);
}

template <class Real>
void check_live(const RunConfig& config) {
  const FleetConfig& fleet = config.fleet;
  if (fleet.lifetime != "none") {
    throw ConfigError("fleet.lifetime is of virtual workers: those of the fleet '" + fleet.kind +
                      "' live and die by themselves");
  }
  const auto attack = make_attack<Real>(config.worker.attack, {}, fleet.workers);
  if (attack && attack->pace() != 1) {
    throw ConfigError("worker.attack: " + config.worker.attack +
                      " makes faulty workers faster than they are, which only virtual ones can be");
  }
}

template <class Real>
std::unique_ptr<LivePayloads<Real>> live_payloads(const RunParts<Real>& parts,
                                                  WorkerPort<Real>& port) {
  return std::make_unique<LivePayloads<Real>>(parts.workload, parts.requirements, parts.program,
                                              parts.momentum, parts.wire, parts.server, port,
                                              parts.config.fleet.workers);
}

template <class Real>
std::unique_ptr<RunFleet<Real>> threads_fleet(const RunParts<Real>& parts, Host host) {
  const RunConfig& config = parts.config;
  check_live<Real>(config);
  auto runner = std::make_unique<const JobRunner<Real>>(parts.workload, parts.sampler, config,
                                                        parts.program, parts.momentum, parts.wire,
                                                        label_flipper(config, parts.workload));
  auto port = std::make_unique<GatedPort<Real>>(std::make_unique<WorkerThreads<Real>>(
      parts.workload, std::move(runner), 0, config.fleet.workers, pieces_of_gradient(config),
      injected_delay(config), config.seed));
  auto payloads = live_payloads(parts, *port);
  return std::make_unique<LiveFleet<Real>>(std::move(host), std::move(port), std::move(payloads));
}

template <class Real>
std::unique_ptr<RunFleet<Real>> cluster_fleet(const RunParts<Real>& parts, Host host,
                                              WayToWorkers way) {
  const RunConfig& config = parts.config;
  check_live<Real>(config);
  ClusterSettings settings;
  settings.config = to_json(config).dump();
  settings.incarnation = way.incarnation.value_or(new_incarnation());
  settings.token = std::move(way.token);
  settings.seed = config.seed;
  settings.workers = config.fleet.workers;
  settings.pieces = pieces_of_gradient(config);
  settings.heartbeat = std::chrono::duration<double>(way.heartbeat);
  settings.wait_for_late = std::chrono::duration<double>(way.wait_for_late);
  if (ShardHub* hub = parts.hub) {
    settings.check_shards = [hub] { hub->check(); };
    settings.shards = hub->addresses();
    settings.start_at_shards = [hub](const Job& job, bool send) {
      hub->tell(StartOrder{job.worker, job.job, job.gradient, job.read, send});
    };
  }
  auto port = std::make_unique<GatedPort<Real>>(std::make_unique<RemoteWorkers<Real>>(
      std::move(way.transport), parts.workload, parts.wire, parts.program.vectors(), settings));
  auto payloads = live_payloads(parts, *port);
  std::vector<WorkerId> absent(config.fleet.workers);
  std::iota(absent.begin(), absent.end(), WorkerId{0});
  return std::make_unique<LiveFleet<Real>>(std::move(host), std::move(port), std::move(payloads),
                                           std::move(absent));
}

}  // namespace

std::uint64_t new_incarnation() {
  return static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
}

template <class Real>
std::unique_ptr<RunFleet<Real>> make_run_fleet(const RunParts<Real>& parts, Host host,
                                               std::optional<WayToWorkers> way) {
  const std::string& kind = parts.config.fleet.kind;
  if (way) return cluster_fleet(parts, std::move(host), std::move(*way));
  if (kind == "virtual" || !parts.config.replay.empty())
    return virtual_fleet(parts, std::move(host));
  if (kind == "threads") return threads_fleet(parts, std::move(host));
  throw ConfigError("fleet.kind must be virtual, threads or mpi, not '" + kind + "'");
}

template std::unique_ptr<RunFleet<float>> make_run_fleet(const RunParts<float>&, Host,
                                                         std::optional<WayToWorkers>);
template std::unique_ptr<RunFleet<double>> make_run_fleet(const RunParts<double>&, Host,
                                                          std::optional<WayToWorkers>);

}  // namespace syncline
