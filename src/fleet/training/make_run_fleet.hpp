#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fleet/training/compute_pool.hpp"
#include "fleet/training/run_fleet.hpp"
#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/config.hpp"
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
  ParameterServer<Real>& server;
  ComputePool<Real>& pool;
  std::uint32_t threads;
  std::shared_ptr<const FleetTiming> timing;
};

/// How workers elsewhere are reached.
struct WayToWorkers {
  std::unique_ptr<ServerTransport> transport;
  std::string token = {};  ///< that they must show; empty: none
};

/// The fleet of config.fleet.kind, or the replay of config.replay. `way`: to workers elsewhere, if
/// there are any. Throws ConfigError.
template <class Real>
[[nodiscard]] std::unique_ptr<RunFleet<Real>> make_run_fleet(const RunParts<Real>& parts, Host host,
                                                             std::optional<WayToWorkers> way);

}  // namespace syncline
