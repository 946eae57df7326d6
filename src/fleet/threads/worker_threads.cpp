#include "fleet/threads/worker_threads.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// Seconds: for the clock a delay without end, and one that it can still add to the present.
constexpr double longest_delay = 1e8;

}  // namespace

template <class Real>
WorkerThreads<Real>::WorkerThreads(const Workload<Real>& workload,
                                   std::unique_ptr<const JobRunner<Real>> runner, WorkerId first,
                                   std::uint32_t workers, std::uint32_t pieces,
                                   std::shared_ptr<const DelayProfile> injected, std::uint64_t seed)
    : workload_(workload),
      runner_(std::move(runner)),
      first_(first),
      pieces_(pieces),
      injected_(std::move(injected)),
      seed_(seed),
      buffers_(runner_->payload_length()) {
  for (std::uint32_t i = 0; i < workers; ++i) desks_.push_back(std::make_unique<Desk>());
  try {
    for (WorkerId worker = first; worker < first + workers; ++worker) {
      desk(worker).thread = std::thread([this, worker] { serve(worker); });
    }
  } catch (const std::system_error& error) {
    close();
    throw ConfigError("can't start " + std::to_string(workers) +
                      " worker threads: " + error.what() + "; set fleet.workers lower");
  }
}

template <class Real>
WorkerThreads<Real>::~WorkerThreads() {
  close();
}

template <class Real>
void WorkerThreads<Real>::close() {
  for (auto& desk : desks_) {
    {
      const std::lock_guard lock(desk->mutex);
      desk->closing = desk->ended = desk->cancelled = true;
    }
    desk->changed.notify_all();
  }
  for (auto& desk : desks_) {
    if (desk->thread.joinable()) desk->thread.join();
  }
}

template <class Real>
void WorkerThreads<Real>::assign(const Job& job, const JobStart<Real>& start,
                                 const WorkerMemory<Real>& memory) {
  Desk& desk = this->desk(job.worker);
  {
    const std::lock_guard lock(desk.mutex);
    // A job that was cancelled before it was begun is simply replaced.
    desk.next = Assignment{job, start, memory};
  }
  desk.changed.notify_all();
}

template <class Real>
void WorkerThreads<Real>::cancel(WorkerId worker) {
  Desk& desk = this->desk(worker);
  {
    const std::lock_guard lock(desk.mutex);
    desk.next.reset();
    desk.ended = desk.cancelled = true;
  }
  desk.changed.notify_all();
}

template <class Real>
void WorkerThreads<Real>::stop(WorkerId worker) {
  Desk& desk = this->desk(worker);
  {
    const std::lock_guard lock(desk.mutex);
    (desk.next ? desk.next->stopped : desk.ended) = true;
  }
  desk.changed.notify_all();
}

template <class Real>
std::optional<WorkerMessage<Real>> WorkerThreads<Real>::receive(
    std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(inbox_mutex_);
  inbox_filled_.wait_until(lock, deadline, [&] { return failure_ || !inbox_.empty(); });
  if (failure_) std::rethrow_exception(failure_);
  if (inbox_.empty()) return std::nullopt;
  std::optional<WorkerMessage<Real>> message = std::move(inbox_.front());
  inbox_.pop_front();
  return message;
}

template <class Real>
void WorkerThreads<Real>::tell(WorkerMessage<Real>&& message) {
  {
    const std::lock_guard lock(inbox_mutex_);
    // In here, so that times don't decrease along the inbox.
    message.time = std::chrono::steady_clock::now();
    inbox_.push_back(std::move(message));
  }
  inbox_filled_.notify_one();
}

template <class Real>
void WorkerThreads<Real>::serve(WorkerId worker) {
  Desk& desk = this->desk(worker);
  try {
    const std::unique_ptr<Replica<Real>> replica = workload_.make_replica();
    for (;;) {
      std::optional<Assignment> assignment;
      {
        std::unique_lock lock(desk.mutex);
        desk.changed.wait(lock, [&] { return desk.closing || desk.next; });
        if (desk.closing) return;
        assignment = std::move(desk.next);
        desk.next.reset();
        desk.ended = assignment->stopped;
        desk.cancelled = false;
      }
      work(worker, *assignment, *replica);
    }
  } catch (...) {
    {
      const std::lock_guard lock(inbox_mutex_);
      failure_ = std::current_exception();
    }
    inbox_filled_.notify_one();
  }
}

template <class Real>
void WorkerThreads<Real>::work(WorkerId worker, Assignment& assignment, Replica<Real>& replica) {
  using Kind = typename WorkerMessage<Real>::Kind;
  Desk& desk = this->desk(worker);
  const Job& job = assignment.job;
  const std::uint32_t each = job.work.gradients / job.work.steps;
  WorkerMessage<Real> message;
  message.worker = worker;
  message.job = job.job;
  message.pieces = std::uint64_t{job.work.gradients} * pieces_;

  std::optional<std::uint32_t> waited;  // up to the delay of this gradient
  JobControl control;
  control.go_on = [&](std::uint32_t i) {
    if (waited != i) {
      if (job.work.report > 0 && i == job.work.report * each) {
        WorkerMessage<Real> report;
        report.kind = Kind::progressed;
        report.worker = worker;
        report.job = job.job;
        tell(std::move(report));
      }
      if (!wait_out(desk, job, i)) return false;
      waited = i;
    }
    const std::lock_guard lock(desk.mutex);
    if (!desk.ended) ++message.pieces_done;
    return !desk.ended;
  };
  message.payload.values = buffers_.take();
  message.payload.outcome = runner_->run(job, assignment.start, assignment.memory, replica,
                                         message.payload.values, control);
  {
    const std::lock_guard lock(desk.mutex);
    if (desk.cancelled) message.kind = Kind::abandoned;
  }
  // What the job started from is let go of by whoever hears of its end.
  message.start = std::move(assignment.start);
  if (message.kind == Kind::abandoned) buffers_.give(std::move(message.payload.values));
  tell(std::move(message));
}

template <class Real>
bool WorkerThreads<Real>::wait_out(Desk& desk, const Job& job, std::uint32_t i) {
  std::unique_lock lock(desk.mutex);
  if (injected_ == nullptr) return !desk.ended;
  const double delay = std::min(
      injected_->law(job.worker).sample({seed_, job.worker, job.gradient + i}), longest_delay);
  return !desk.changed.wait_for(lock, std::chrono::duration<double>(delay),
                                [&] { return desk.ended; });
}

template class WorkerThreads<float>;
template class WorkerThreads<double>;

}  // namespace syncline
