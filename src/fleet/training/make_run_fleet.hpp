#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fleet/cluster/patience.hpp"
#include "fleet/shards/shard_hub.hpp"
#include "fleet/training/compute_pool.hpp"
#include "fleet/training/run_fleet.hpp"
#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
#include "transport/listening.hpp"
#include "transport/transport.hpp"

namespace syncline {

/// What a fleet works with. All of it must outlive the fleet.
template <class Real>
struct RunParts {
  const RunConfig& config;
  const Workload<Real>& workload;
  const Sampler* sampler;
  const Requirements& requirements;
  const WorkerProgram<Real>& program;
  WorkerMomentum<Real>& momentum;
  Wire<Real>& wire;
  Parameters<Real>& server;
  ComputePool<Real>& pool;
  std::uint32_t threads;
  std::shared_ptr<const FleetTiming> timing;
  ShardHub* hub = nullptr;  ///< to the shards that hold the parameters; null: they are here
};

/// How workers elsewhere are reached.
struct WayToWorkers {
  std::unique_ptr<ServerTransport> transport;
  std::string token = {};              ///< that they must show; empty: none
  double heartbeat = usual_heartbeat;  ///< seconds between their signs of life
  /// A number that no earlier server of the run had; nullopt: the time makes one.
  std::optional<std::uint64_t> incarnation = std::nullopt;
  std::vector<ShardWay> shards = {};  ///< that hold the parameters; empty: they are here
  std::unique_ptr<Listening> listening = listen_with_threads();  ///< to the shards
  /// Seconds at the end of the run, for those of the workers that have not been there yet.
  double wait_for_late = 0;
};

/// A number that no earlier server of a run had.
[[nodiscard]] std::uint64_t new_incarnation();

/// The fleet of config.fleet.kind, or the replay of config.replay. `way`: to workers elsewhere, if
/// there are any. Throws ConfigError.
template <class Real>
[[nodiscard]] std::unique_ptr<RunFleet<Real>> make_run_fleet(const RunParts<Real>& parts, Host host,
                                                             std::optional<WayToWorkers> way);

}  // namespace syncline
