#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "fleet/live/worker_port.hpp"
#include "fleet/worker/buffer_pool.hpp"
#include "syncline/delay_law.hpp"

namespace syncline {

/// Workers first, first + 1, ... that are threads of this process, each with a replica of its own.
/// A job that is cancelled or stopped ends before its next micro-batch, or at once while it waits
/// out an injected delay.
template <class Real>
class WorkerThreads final : public WorkerPort<Real> {
 public:
  /// `workload` must outlive this. `pieces`: micro-batches of a
  /// gradient. `injected`: the time that a gradient takes longer, drawn by
  /// (seed, worker, gradient) in seconds; null for none. Throws ConfigError if the threads can't be
  /// started.
  WorkerThreads(const Workload<Real>& workload, std::unique_ptr<const JobRunner<Real>> runner,
                WorkerId first, std::uint32_t workers, std::uint32_t pieces,
                std::shared_ptr<const DelayProfile> injected, std::uint64_t seed);
  ~WorkerThreads() override;

  void assign(const Job& job, const JobStart<Real>& start,
              const WorkerMemory<Real>& memory) override;
  void cancel(WorkerId worker) override;
  void stop(WorkerId worker) override;
  std::optional<WorkerMessage<Real>> receive(
      std::chrono::steady_clock::time_point deadline) override;
  void recycle(std::vector<Real>&& values) override { buffers_.give(std::move(values)); }

 private:
  struct Assignment {
    Job job;
    JobStart<Real> start;
    WorkerMemory<Real> memory;
    bool stopped = false;  ///< before it was begun
  };
  /// One worker's desk. What the owner wants of it is under its mutex.
  struct Desk {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Assignment> next;
    bool ended = false;      ///< the job at hand is cancelled or stopped
    bool cancelled = false;  ///< and its payload is not wanted
    bool closing = false;
    std::thread thread;
  };

  [[nodiscard]] Desk& desk(WorkerId worker) { return *desks_[worker - first_]; }
  void serve(WorkerId worker);
  void work(WorkerId worker, Assignment& assignment, Replica<Real>& replica);
  /// Waits out the delay of the job's i-th gradient; false if the job ends first.
  bool wait_out(Desk& desk, const Job& job, std::uint32_t i);
  void tell(WorkerMessage<Real>&& message);
  void close();

  const Workload<Real>& workload_;
  std::unique_ptr<const JobRunner<Real>> runner_;
  WorkerId first_;
  std::uint32_t pieces_;
  std::shared_ptr<const DelayProfile> injected_;
  std::uint64_t seed_;
  BufferPool<Real> buffers_;
  std::vector<std::unique_ptr<Desk>> desks_;

  std::mutex inbox_mutex_;
  std::condition_variable inbox_filled_;
  std::deque<WorkerMessage<Real>> inbox_;
  std::exception_ptr failure_;  ///< of a worker
};

}  // namespace syncline
