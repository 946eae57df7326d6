#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "fleet/training/compute_pool.hpp"
#include "fleet/virtual/look_ahead.hpp"
#include "fleet/worker/buffer_pool.hpp"
#include "fleet/worker/job_payloads.hpp"
#include "fleet/worker/job_runner.hpp"

namespace syncline {

/// The payloads of a virtual run. A job that starts holds the snapshot it reads; a fold waits for
/// the job's gradient; a cancelled or dropped job is never computed unless it was begun while
/// nothing better was known.
template <class Real>
class GradientJobs final : public JobPayloads<Real> {
 public:
  /// All references must outlive this. `sampler` is null for workloads without data.
  GradientJobs(const Workload<Real>& workload, const Sampler* sampler, const RunConfig& config,
               const Requirements& requirements, const WorkerProgram<Real>& program,
               WorkerMomentum<Real>& momentum, Wire<Real>& wire, Parameters<Real>& server,
               ComputePool<Real>& pool);
  ~GradientJobs() override;

  // Look-ahead: a job that will be the order-th to be folded, with the work that it will have done;
  // and jobs that may be, soonest first.
  void will_be_consumed(const Job& job, std::uint64_t order);
  void speculate(const std::vector<std::pair<WorkerId, std::uint64_t>>& jobs);

  void resume(const Job& job, JobStart<Real> start) override;
  [[nodiscard]] const JobStart<Real>* start_of(WorkerId worker) const override;

  void arrived(const Job& job, double time) override;
  void cancelled(const Job& job, double time) override;
  void stopped(const Job& job, double time) override;
  void dropped(const Job& job, double time, const char* reason) override;

 private:
  class GradientTask;
  struct Fate {
    std::uint64_t job;
    Work work;
    std::uint64_t order;
  };
  struct Slotted {
    std::shared_ptr<GradientTask> task;
    bool consumed = false;   ///< the look-ahead says that it will be folded
    std::deque<Fate> fates;  ///< of this job or later ones of the worker
  };

  Payload<Real>& payload_of(const Job& job) override;
  void forget(WorkerId worker) override;
  void discard(const Job& job);
  /// Nobody waits for the task any more.
  void abandon(Slotted& entry);
  void let_go_of_abandoned();

  JobRunner<Real> runner_;
  ComputePool<Real>& pool_;
  std::vector<Slotted> by_worker_;
  std::vector<std::shared_ptr<GradientTask>> abandoned_;  ///< cancelled while being computed
  BufferPool<Real> buffers_;
};

}  // namespace syncline
