#include "fleet/virtual/gradient_jobs.hpp"

#include <algorithm>

#include "fleet/worker/worker_parts.hpp"

namespace syncline {
namespace {

/// Speculative jobs come after all that are known to be needed.
constexpr std::uint64_t speculative = std::uint64_t{1} << 62;

}  // namespace

template <class Real>
class GradientJobs<Real>::GradientTask final : public ComputeTask<Real> {
 public:
  GradientTask(GradientJobs& jobs, const Job& job, JobStart<Real> start)
      : jobs_(jobs), job_(job), start_(std::move(start)), memory_(jobs.memory_of(job.worker)) {}

  void run(Replica<Real>& replica) override {
    payload_.values = jobs_.buffers_.take();
    payload_.outcome = jobs_.runner_.run(job_, start_, memory_, replica, payload_.values);
  }

  [[nodiscard]] std::uint64_t job() const { return job_.job; }
  [[nodiscard]] const Work& work() const { return job_.work; }
  /// REQUIRES: nobody has begun to run it.
  void shorten(const Work& work) { job_.work = work; }
  [[nodiscard]] const JobStart<Real>& start() const { return start_; }
  [[nodiscard]] Payload<Real>& payload() { return payload_; }

 private:
  GradientJobs& jobs_;
  Job job_;
  JobStart<Real> start_;
  WorkerMemory<Real> memory_;  ///< of the worker, before the job
  Payload<Real> payload_;
};

template <class Real>
GradientJobs<Real>::GradientJobs(const Workload<Real>& workload, const Sampler* sampler,
                                 const RunConfig& config, const Requirements& requirements,
                                 const WorkerProgram<Real>& program, WorkerMomentum<Real>& momentum,
                                 Wire<Real>& wire, Parameters<Real>& server,
                                 ComputePool<Real>& pool)
    : JobPayloads<Real>(workload, requirements, program, momentum, wire, server),
      runner_(workload, sampler, config, program, momentum, wire, label_flipper(config, workload)),
      pool_(pool),
      by_worker_(config.fleet.workers),
      buffers_(runner_.payload_length()) {}

template <class Real>
GradientJobs<Real>::~GradientJobs() {
  // Tasks refer to this object: none may outlive it in the pool.
  for (auto& entry : by_worker_) {
    if (entry.task && !pool_.withdraw(entry.task)) abandoned_.push_back(entry.task);
  }
  for (const auto& task : abandoned_) {
    try {
      pool_.wait(task);
    } catch (...) {
      // What an abandoned job threw is nobody's concern.
      continue;
    }
  }
}

template <class Real>
void GradientJobs<Real>::will_be_consumed(const Job& job, std::uint64_t order) {
  Slotted& entry = by_worker_[job.worker];
  if (entry.task && entry.task->job() == job.job) {
    entry.consumed = true;
    if (entry.task->work().steps != job.work.steps) {
      JobStart<Real> start = entry.task->start();
      abandon(entry);
      entry.task = std::make_shared<GradientTask>(*this, job, std::move(start));
    }
    pool_.submit(entry.task, order);
  } else {
    entry.fates.push_back({job.job, job.work, order});
  }
}

template <class Real>
void GradientJobs<Real>::speculate(const std::vector<std::pair<WorkerId, std::uint64_t>>& jobs) {
  std::uint64_t rank = speculative;
  for (const auto& [worker, job] : jobs) {
    const Slotted& entry = by_worker_[worker];
    // A job that reports may be stopped, nobody knows when.
    if (entry.task && entry.task->job() == job && !entry.consumed &&
        entry.task->work().report == 0) {
      pool_.submit(entry.task, rank++);
    }
  }
}

template <class Real>
void GradientJobs<Real>::resume(const Job& job, JobStart<Real> start) {
  Slotted& entry = by_worker_[job.worker];
  if (entry.task) abandon(entry);
  entry.task = std::make_shared<GradientTask>(*this, job, std::move(start));
  entry.consumed = false;
  if (entry.fates.empty() || entry.fates.front().job != job.job) return;
  entry.consumed = true;
  entry.task->shorten(entry.fates.front().work);
  pool_.submit(entry.task, entry.fates.front().order);
  entry.fates.pop_front();
}

template <class Real>
const JobStart<Real>* GradientJobs<Real>::start_of(WorkerId worker) const {
  const auto& task = by_worker_[worker].task;
  return task ? &task->start() : nullptr;
}

template <class Real>
void GradientJobs<Real>::discard(const Job& job) {
  Slotted& entry = by_worker_[job.worker];
  if (entry.consumed) {
    throw LawViolation(5, "law 5 (the same events give the same actions) is broken: job " +
                              std::to_string(job.job) + " of worker " + std::to_string(job.worker) +
                              " is discarded, but a clone of the policy used it");
  }
  abandon(entry);
  let_go_of_abandoned();
}

template <class Real>
void GradientJobs<Real>::abandon(Slotted& entry) {
  if (!pool_.withdraw(entry.task)) abandoned_.push_back(entry.task);
  entry.task = nullptr;
}

template <class Real>
void GradientJobs<Real>::let_go_of_abandoned() {
  std::erase_if(abandoned_, [this](const auto& task) {
    if (!pool_.finished(task)) return false;
    buffers_.give(std::move(task->payload().values));
    return true;
  });
}

template <class Real>
void GradientJobs<Real>::cancelled(const Job& job, double) {
  discard(job);
}

template <class Real>
void GradientJobs<Real>::stopped(const Job& job, double) {
  Slotted& entry = by_worker_[job.worker];
  // Otherwise the look-ahead has seen it coming.
  if (entry.task->work().steps != job.work.steps) resume(job, entry.task->start());
}

template <class Real>
void GradientJobs<Real>::arrived(const Job& job, double time) {
  // Of a recorded run it is known only now how much was done.
  stopped(job, time);
}

template <class Real>
void GradientJobs<Real>::dropped(const Job& job, double, const char*) {
  discard(job);
}

template <class Real>
Payload<Real>& GradientJobs<Real>::payload_of(const Job& job) {
  const auto& task = by_worker_[job.worker].task;
  pool_.wait(task);
  return task->payload();
}

template <class Real>
void GradientJobs<Real>::forget(WorkerId worker) {
  Slotted& entry = by_worker_[worker];
  buffers_.give(std::move(entry.task->payload().values));
  entry.task = nullptr;
  entry.consumed = false;
}

template class GradientJobs<float>;
template class GradientJobs<double>;

}  // namespace syncline
