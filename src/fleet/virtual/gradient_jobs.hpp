#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "fleet/virtual/compute_pool.hpp"
#include "fleet/virtual/look_ahead.hpp"
#include "fleet/worker/program.hpp"
#include "fleet/worker/wire.hpp"
#include "server/parameter_server.hpp"
#include "syncline/config.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// The payloads of a virtual run: follows what the host does and makes it real. A job that starts
/// holds the snapshot it reads; a fold waits for the job's gradient and hands it to the server; a
/// cancelled or dropped job is never computed unless it was begun while nothing better was known.
template <class Real>
class GradientJobs final : public HostObserver, public ScalarSource {
 public:
  /// All references must outlive this. `sampler` is null for workloads without data.
  GradientJobs(const Workload<Real>& workload, const Sampler* sampler, const RunConfig& config,
               const Requirements& requirements, const WorkerProgram<Real>& program,
               Wire<Real>& wire, ParameterServer<Real>& server, ComputePool<Real>& pool);
  ~GradientJobs() override;

  /// Called at each fold with the state before the step and the state that the gradient was
  /// computed at: for measurements along a run.
  using FoldWatch = std::function<void(const Snapshot<Real>& present, const Snapshot<Real>& read)>;
  void watch_folds(FoldWatch watch) { watch_ = std::move(watch); }

  // Look-ahead: a job that will be the order-th to be folded; and jobs that may be, soonest first.
  void will_be_consumed(WorkerId worker, std::uint64_t job, std::uint64_t order);
  void speculate(const std::vector<std::pair<WorkerId, std::uint64_t>>& jobs);

  [[nodiscard]] std::uint64_t folds() const { return folds_; }
  /// The update in which a gradient with a non-finite loss was used.
  [[nodiscard]] std::optional<Version> diverged_at() const { return diverged_at_; }

  /// What a job starts from.
  struct Start {
    std::shared_ptr<const Snapshot<Real>> read;      ///< as the server has it
    std::shared_ptr<const Snapshot<Real>> previous;  ///< only where the program needs it
    double step_size = 0;                            ///< of local steps
  };
  /// Continues a job that was in flight when a checkpoint was written.
  void resume(const Job& job, Start start);
  /// What a worker's current job started from; null if it has none.
  [[nodiscard]] const Start* start_of(WorkerId worker) const;
  void restore_folds(std::uint64_t folds) { folds_ = folds; }

  void started(const Job& job) override;
  void cancelled(const Job& job, double time) override;
  void dropped(const Job& job, double time, const char* reason) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override;
  void cleared(Slot slot) override { server_.clear(slot); }
  void swapped(Slot a, Slot b) override { server_.swap(a, b); }
  void stepped(Slot slot, double scale, Version version, double time) override;
  void published(const char* name, double value, double time) override;

  // What the policy has declared: waits for the payload, consumed or not.
  void describe(const Job& job, Arrive& event) override;
  void describe(Stepped& event) override { server_.step_scalars().describe(event); }

 private:
  class GradientTask;
  struct Fate {
    std::uint64_t job;
    std::uint64_t order;
  };
  struct Slotted {
    std::shared_ptr<GradientTask> task;
    bool consumed = false;   ///< the look-ahead says that it will be folded
    std::deque<Fate> fates;  ///< of this job or later ones of the worker
  };

  /// Waits for the payload of a job and hands it to `consume`, which gives it to the server.
  template <class Consume>
  void use(const Job& job, Consume&& consume);
  void discard(const Job& job);
  void let_go_of_abandoned();
  std::vector<Real> take_buffer();
  void give_buffer(std::vector<Real>&& buffer);

  const Workload<Real>& workload_;
  const Sampler* sampler_;
  std::size_t batch_;
  std::uint64_t seed_;
  double weight_decay_;
  Observables observables_;
  const WorkerProgram<Real>& program_;
  Wire<Real>& wire_;
  ParameterServer<Real>& server_;
  ComputePool<Real>& pool_;
  std::vector<Slotted> by_worker_;
  std::vector<std::shared_ptr<GradientTask>> abandoned_;  ///< cancelled while being computed
  std::uint64_t folds_ = 0;
  std::optional<Version> diverged_at_;
  FoldWatch watch_;

  std::mutex buffers_mutex_;
  std::vector<std::vector<Real>> buffers_;  ///< payload memory for reuse
};

}  // namespace syncline
