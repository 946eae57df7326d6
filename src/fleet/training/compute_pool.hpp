#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "syncline/workload.hpp"

namespace syncline {

/// One piece of numerical work. Its result depends on its inputs alone, so that it may be computed
/// by any thread at any time before it is needed.
template <class Real>
class ComputeTask {
 public:
  virtual ~ComputeTask() = default;
  virtual void run(Replica<Real>& replica) = 0;

 private:
  template <class>
  friend class ComputePool;
  enum class State : std::uint8_t { idle, queued, running, done };
  State state_ = State::idle;
  std::uint64_t priority_ = 0;
  std::uint64_t ticket_ = 0;
  std::exception_ptr error_;
};

/// Threads that compute tasks ahead of the event loop, smallest priority number first. With one
/// thread there is no pool: the caller computes each task when it waits for it.
///
/// All methods are for the one thread that owns the pool. A task must live until it is done or was
/// withdrawn.
template <class Real>
class ComputePool {
 public:
  using Task = ComputeTask<Real>;

  ComputePool(const Workload<Real>& workload, std::uint32_t threads);
  ~ComputePool();
  ComputePool(const ComputePool&) = delete;
  ComputePool& operator=(const ComputePool&) = delete;

  /// Queues a task, or moves a queued one to a new priority. Does nothing if it has begun.
  void submit(const std::shared_ptr<Task>& task, std::uint64_t priority);
  /// Takes a task back. False if it is being computed: then it must be kept until finished().
  bool withdraw(const std::shared_ptr<Task>& task);
  [[nodiscard]] bool finished(const std::shared_ptr<Task>& task);
  /// Returns when the task is done; rethrows what it threw.
  void wait(const std::shared_ptr<Task>& task);

  [[nodiscard]] bool works_ahead() const { return !threads_.empty(); }

 private:
  using Entry = std::tuple<std::uint64_t, std::uint64_t, std::shared_ptr<Task>>;

  void serve();
  void join();
  static void compute(Task& task, Replica<Real>& replica);

  const Workload<Real>& workload_;
  std::unique_ptr<Replica<Real>> own_replica_;  ///< of the owner, where there are no threads
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::set<Entry> queue_;
  std::uint64_t next_ticket_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace syncline
