#include "fleet/virtual/gradient_jobs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "server/kernels.hpp"

namespace syncline {
namespace {

/// Speculative jobs come after all that are known to be needed.
constexpr std::uint64_t speculative = std::uint64_t{1} << 62;

}  // namespace

template <class Real>
class GradientJobs<Real>::GradientTask final : public ComputeTask<Real> {
 public:
  GradientTask(GradientJobs& jobs, const Job& job, Start start)
      : jobs_(jobs), job_(job), start_(std::move(start)) {}

  void run(Replica<Real>& replica) override {
    payload_ = jobs_.take_buffer();
    const DrawKey key = {jobs_.seed_, job_.worker, job_.gradient};
    const auto read = jobs_.wire_.pull(key, start_.read);
    const auto previous = start_.previous ? jobs_.wire_.pull(key, start_.previous) : read;
    ProgramJob<Real> job;
    job.read = read->state;
    job.previous = previous->state;
    job.dimension = jobs_.workload_.dimension();
    job.steps = job_.work.steps;
    job.step_size = start_.step_size;
    job.weight_decay = jobs_.weight_decay_;
    job.worker = job_.worker;
    job.version = job_.read;
    job.gradient_of = [&](WorkerId owner, std::uint64_t number, std::span<const Real> state,
                          std::span<Real> result) {
      // Analytic workloads read only how many samples there are: their noise falls with it.
      std::vector<std::uint32_t> batch(jobs_.batch_, 0);
      if (jobs_.sampler_ != nullptr) jobs_.sampler_->draw(owner, number, batch);
      return replica.gradient(state, batch, {jobs_.seed_, owner, number}, result);
    };
    job.gradient = [&](std::span<const Real> state, std::uint32_t i, std::span<Real> result) {
      return job.gradient_of(job_.worker, job_.gradient + i, state, result);
    };
    loss_ = jobs_.program_.run(job, payload_);
    memory_ = jobs_.wire_.push(key, payload_);
  }

  [[nodiscard]] std::uint64_t job() const { return job_.job; }
  [[nodiscard]] const Start& start() const { return start_; }
  [[nodiscard]] const std::shared_ptr<const Snapshot<Real>>& read() const { return start_.read; }
  [[nodiscard]] double loss() const { return loss_; }
  [[nodiscard]] std::vector<Real>& payload() { return payload_; }
  [[nodiscard]] typename Wire<Real>::Memory& memory() { return memory_; }

 private:
  GradientJobs& jobs_;
  Job job_;
  Start start_;
  std::vector<Real> payload_;
  typename Wire<Real>::Memory memory_;  ///< of the worker, once the payload is used
  double loss_ = 0;
};

template <class Real>
GradientJobs<Real>::GradientJobs(const Workload<Real>& workload, const Sampler* sampler,
                                 const RunConfig& config, const Requirements& requirements,
                                 const WorkerProgram<Real>& program, Wire<Real>& wire,
                                 ParameterServer<Real>& server, ComputePool<Real>& pool)
    : workload_(workload),
      sampler_(sampler),
      batch_(config.model.batch),
      seed_(config.seed),
      weight_decay_(config.optimizer.weight_decay),
      observables_(requirements.observables),
      program_(program),
      wire_(wire),
      server_(server),
      pool_(pool),
      by_worker_(config.fleet.workers) {}

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
void GradientJobs<Real>::will_be_consumed(WorkerId worker, std::uint64_t job, std::uint64_t order) {
  Slotted& entry = by_worker_[worker];
  if (entry.task && entry.task->job() == job) {
    entry.consumed = true;
    pool_.submit(entry.task, order);
  } else {
    entry.fates.push_back({job, order});
  }
}

template <class Real>
void GradientJobs<Real>::speculate(const std::vector<std::pair<WorkerId, std::uint64_t>>& jobs) {
  std::uint64_t rank = speculative;
  for (const auto& [worker, job] : jobs) {
    const Slotted& entry = by_worker_[worker];
    if (entry.task && entry.task->job() == job && !entry.consumed) {
      pool_.submit(entry.task, rank++);
    }
  }
}

template <class Real>
void GradientJobs<Real>::started(const Job& job) {
  Start start;
  start.read = server_.snapshot();
  if (program_.needs_previous()) start.previous = server_.previous();
  start.step_size = server_.step_size();
  resume(job, std::move(start));
}

template <class Real>
void GradientJobs<Real>::resume(const Job& job, Start start) {
  Slotted& entry = by_worker_[job.worker];
  entry.task = std::make_shared<GradientTask>(*this, job, std::move(start));
  entry.consumed = false;
  if (entry.fates.empty() || entry.fates.front().job != job.job) return;
  entry.consumed = true;
  pool_.submit(entry.task, entry.fates.front().order);
  entry.fates.pop_front();
}

template <class Real>
auto GradientJobs<Real>::start_of(WorkerId worker) const -> const Start* {
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
  if (!pool_.withdraw(entry.task)) abandoned_.push_back(entry.task);
  entry.task = nullptr;
  let_go_of_abandoned();
}

template <class Real>
void GradientJobs<Real>::let_go_of_abandoned() {
  std::erase_if(abandoned_, [this](const auto& task) {
    if (!pool_.finished(task)) return false;
    give_buffer(std::move(task->payload()));
    return true;
  });
}

template <class Real>
void GradientJobs<Real>::cancelled(const Job& job, double) {
  discard(job);
}

template <class Real>
void GradientJobs<Real>::dropped(const Job& job, double, const char*) {
  discard(job);
}

template <class Real>
template <class Consume>
void GradientJobs<Real>::use(const Job& job, Consume&& consume) {
  const std::shared_ptr<GradientTask> task = std::move(by_worker_[job.worker].task);
  by_worker_[job.worker].task = nullptr;
  by_worker_[job.worker].consumed = false;
  pool_.wait(task);
  ++folds_;
  if (!std::isfinite(task->loss()) && !diverged_at_) {
    diverged_at_ = server_.snapshot()->version + 1;
  }
  if (watch_) watch_(*server_.snapshot(), *task->read());
  consume(*task);
  wire_.commit(job.worker, std::move(task->memory()));
  give_buffer(std::move(task->payload()));
}

template <class Real>
void GradientJobs<Real>::folded(const Job& job, double, Slot slot, double weight) {
  use(job, [&](GradientTask& task) {
    server_.fold(slot, weight, task.payload(), *task.read(), {job.worker, job.job});
  });
}

template <class Real>
void GradientJobs<Real>::put(const Job& job, double, Slot table) {
  use(job, [&](GradientTask& task) {
    server_.put(table, task.payload(), *task.read(), {job.worker, job.job});
  });
}

template <class Real>
void GradientJobs<Real>::describe(const Job& job, Arrive& event) {
  const std::size_t dimension = workload_.dimension();
  const auto& task = by_worker_[job.worker].task;
  if (observables_.loss || observables_.norm) pool_.wait(task);
  if (observables_.loss) event.loss = task->loss();
  if (observables_.norm) {
    const std::span<const Real> payload = task->payload();
    event.norm = std::sqrt(squared_norm<Real>(payload.first(dimension)));
  }
  if (observables_.distance) {
    const auto now = server_.snapshot();
    const std::span<const Real> here = now->state;
    const std::span<const Real> there = task->read()->state;
    event.distance =
        now == task->read()
            ? 0
            : std::sqrt(squared_distance<Real>(here.first(dimension), there.first(dimension)));
  }
}

template <class Real>
void GradientJobs<Real>::stepped(Slot slot, double scale, Version version, double) {
  server_.step(slot, scale, version);
}

template <class Real>
void GradientJobs<Real>::published(const char* name, double value, double) {
  if (std::strcmp(name, "k") == 0) server_.set_k(value);
}

template <class Real>
std::vector<Real> GradientJobs<Real>::take_buffer() {
  {
    const std::lock_guard lock(buffers_mutex_);
    if (!buffers_.empty()) {
      std::vector<Real> buffer = std::move(buffers_.back());
      buffers_.pop_back();
      return buffer;
    }
  }
  return std::vector<Real>(program_.vectors() * workload_.dimension() + workload_.buffers());
}

template <class Real>
void GradientJobs<Real>::give_buffer(std::vector<Real>&& buffer) {
  if (buffer.empty()) return;
  const std::lock_guard lock(buffers_mutex_);
  buffers_.push_back(std::move(buffer));
}

template class GradientJobs<float>;
template class GradientJobs<double>;

}  // namespace syncline
