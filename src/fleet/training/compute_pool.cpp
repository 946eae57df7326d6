#include "fleet/training/compute_pool.hpp"

#include <string>
#include <system_error>

#include "syncline/error.hpp"

namespace syncline {

template <class Real>
ComputePool<Real>::ComputePool(const Workload<Real>& workload, std::uint32_t threads)
    : workload_(workload) {
  if (threads < 2) return;
  try {
    for (std::uint32_t i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
  } catch (const std::system_error& error) {
    join();
    throw ConfigError("can't start " + std::to_string(threads) +
                      " compute threads: " + error.what() + "; set run.threads lower");
  }
}

template <class Real>
ComputePool<Real>::~ComputePool() {
  join();
}

template <class Real>
void ComputePool<Real>::join() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (auto& thread : threads_) thread.join();
}

template <class Real>
void ComputePool<Real>::compute(Task& task, Replica<Real>& replica) {
  try {
    task.run(replica);
  } catch (...) {
    task.error_ = std::current_exception();
  }
}

template <class Real>
void ComputePool<Real>::serve() {
  std::unique_ptr<Replica<Real>> replica;
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Task> task = std::get<2>(*queue_.begin());
    queue_.erase(queue_.begin());
    task->state_ = Task::State::running;
    lock.unlock();
    try {
      if (!replica) replica = workload_.make_replica();
    } catch (...) {
      task->error_ = std::current_exception();
    }
    if (replica) compute(*task, *replica);
    lock.lock();
    task->state_ = Task::State::done;
    done_.notify_all();
  }
}

template <class Real>
void ComputePool<Real>::submit(const std::shared_ptr<Task>& task, std::uint64_t priority) {
  if (threads_.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    if (task->state_ == Task::State::queued) {
      queue_.erase({task->priority_, task->ticket_, task});
    } else if (task->state_ != Task::State::idle) {
      return;
    }
    task->state_ = Task::State::queued;
    task->priority_ = priority;
    task->ticket_ = next_ticket_++;
    queue_.insert({task->priority_, task->ticket_, task});
  }
  work_.notify_one();
}

template <class Real>
bool ComputePool<Real>::withdraw(const std::shared_ptr<Task>& task) {
  const std::lock_guard lock(mutex_);
  if (task->state_ == Task::State::queued) {
    queue_.erase({task->priority_, task->ticket_, task});
    task->state_ = Task::State::idle;
  }
  return task->state_ != Task::State::running;
}

template <class Real>
bool ComputePool<Real>::finished(const std::shared_ptr<Task>& task) {
  const std::lock_guard lock(mutex_);
  return task->state_ == Task::State::done;
}

template <class Real>
void ComputePool<Real>::wait(const std::shared_ptr<Task>& task) {
  if (threads_.empty()) {
    if (task->state_ != Task::State::done) {
      if (!own_replica_) own_replica_ = workload_.make_replica();
      compute(*task, *own_replica_);
      task->state_ = Task::State::done;
    }
  } else {
    submit(task, 0);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [&] { return task->state_ == Task::State::done; });
  }
  if (task->error_) std::rethrow_exception(task->error_);
}

template class ComputePool<float>;
template class ComputePool<double>;

}  // namespace syncline
