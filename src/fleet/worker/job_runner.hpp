#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fleet/worker/momentum.hpp"
#include "fleet/worker/program.hpp"
#include "fleet/worker/wire.hpp"
#include "server/snapshot_pool.hpp"
#include "syncline/config.hpp"
#include "syncline/host.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// What a job starts from.
template <class Real>
struct JobStart {
  std::shared_ptr<const Snapshot<Real>> read;      ///< as the server has it
  std::shared_ptr<const Snapshot<Real>> previous;  ///< only where the program needs it
  double step_size = 0;                            ///< of local steps
};

/// How whoever has a worker compute takes part in it.
struct JobControl {
  /// Asked before each micro-batch of the job's i-th gradient, from the worker's thread; may wait.
  /// False: the job is to be given up, or to end after the step before.
  std::function<bool(std::uint32_t i)> go_on = [](std::uint32_t) { return true; };
};

/// What a worker remembers from one used payload to the next.
template <class Real>
struct WorkerMemory {
  typename WorkerMomentum<Real>::Memory velocity;  ///< its momentum
  typename Wire<Real>::Memory unsent;              ///< what its codec has not sent
};

/// What is left of a job besides its payload.
template <class Real>
struct JobOutcome {
  std::uint32_t steps = 0;  ///< done
  double loss = 0;
  WorkerMemory<Real> memory;  ///< of the worker, once the payload is used
};

/// Computes payloads: the worker's side of a run, whatever fleet it is in. A payload depends on the
/// job, on what it starts from and on the worker's own state alone. Thread-safe, given a replica
/// for each thread.
template <class Real>
class JobRunner {
 public:
  /// All references must outlive this. `sampler` is null for workloads without data.
  /// `flips_labels` says whether a worker is a faulty one whose labels are wrong.
  JobRunner(const Workload<Real>& workload, const Sampler* sampler, const RunConfig& config,
            const WorkerProgram<Real>& program, const WorkerMomentum<Real>& momentum,
            const Wire<Real>& wire, std::function<bool(WorkerId)> flips_labels);

  /// Length of a payload.
  [[nodiscard]] std::size_t payload_length() const;

  /// Fills `payload`. `memory`: of the worker when the job began. If the control ended the job,
  /// the outcome has fewer steps than the job; with none, the payload means nothing.
  JobOutcome<Real> run(const Job& job, const JobStart<Real>& start,
                       const WorkerMemory<Real>& memory, Replica<Real>& replica,
                       std::span<Real> payload, const JobControl& control = {}) const;

 private:
  const Workload<Real>& workload_;
  const Sampler* sampler_;
  std::size_t batch_;
  std::uint32_t micro_batches_;
  std::uint64_t seed_;
  double weight_decay_;
  const WorkerProgram<Real>& program_;
  const WorkerMomentum<Real>& momentum_;
  const Wire<Real>& wire_;
  std::function<bool(WorkerId)> flips_labels_;
};

}  // namespace syncline
