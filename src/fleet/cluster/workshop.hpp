#pragma once

#include <memory>

#include "fleet/live/worker_port.hpp"
#include "syncline/config.hpp"
#include "transport/pulse.hpp"

namespace syncline {

class WorkerSession;

/// What is worked with in one session of a worker. The references outlive the port.
template <class Real>
struct Bench {
  const Workload<Real>& workload;
  const RunConfig& config;
  std::unique_ptr<const JobRunner<Real>> runner;
  WorkerId worker = 0;
};

/// Where a worker's jobs are computed, and who passes on what comes of them: threads, or whoever
/// simulates a worker.
class Workshop {
 public:
  virtual ~Workshop() = default;

  [[nodiscard]] virtual std::unique_ptr<WorkerPort<float>> open(Bench<float> bench) = 0;
  [[nodiscard]] virtual std::unique_ptr<WorkerPort<double>> open(Bench<double> bench) = 0;
  /// Calls WorkerSession::pass_on() whenever the session's port has something, until the pulse is
  /// destroyed.
  [[nodiscard]] virtual std::unique_ptr<Pulse> follow(WorkerSession& session) = 0;
};

}  // namespace syncline
