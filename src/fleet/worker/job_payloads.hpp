#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fleet/worker/job_runner.hpp"
#include "server/parameters.hpp"
#include "syncline/config.hpp"
#include "syncline/host.hpp"

namespace syncline {

/// A payload as it has come from a worker.
template <class Real>
struct Payload {
  std::vector<Real> values;
  JobOutcome<Real> outcome;
};

/// The vectors behind what a host does: follows it and makes it real at the parameter server. Whose
/// payloads they are, and when they are there, is the fleet's business.
template <class Real>
class JobPayloads : public HostObserver, public ScalarSource {
 public:
  /// All references must outlive this.
  JobPayloads(const Workload<Real>& workload, const Requirements& requirements,
              const WorkerProgram<Real>& program, WorkerMomentum<Real>& momentum, Wire<Real>& wire,
              Parameters<Real>& server);

  /// Called at each fold with the state before the step and the state that the gradient was
  /// computed at: for measurements along a run.
  using FoldWatch = std::function<void(const Snapshot<Real>& present, const Snapshot<Real>& read)>;
  void watch_folds(FoldWatch watch) { watch_ = std::move(watch); }

  [[nodiscard]] std::uint64_t folds() const { return folds_; }
  void restore_folds(std::uint64_t folds) { folds_ = folds; }
  /// The update in which a gradient with a non-finite loss was used.
  [[nodiscard]] std::optional<Version> diverged_at() const { return diverged_at_; }

  /// Continues a job that was in flight when a checkpoint was written.
  virtual void resume(const Job& job, JobStart<Real> start) = 0;
  /// What a worker's current job started from; null if it has none.
  [[nodiscard]] virtual const JobStart<Real>* start_of(WorkerId worker) const = 0;

  void started(const Job& job) override;
  void folded(const Job& job, double time, Slot slot, double weight) override;
  void put(const Job& job, double time, Slot table) override;
  void merged(Slot from, Slot into, double weight) override { server_.merge(from, into, weight); }
  void cleared(Slot slot) override { server_.clear(slot); }
  void swapped(Slot a, Slot b) override { server_.swap(a, b); }
  void stepped(Slot slot, double scale, Version version, double time) override;
  void went_down(WorkerId worker, double time) override;
  void published(const char* name, double value, double time) override;

  // What the policy has declared: waits for the payload, consumed or not.
  void describe(const Job& job, Arrive& event) override;
  void describe(Stepped& event) override { server_.describe(event); }

 protected:
  /// The payload of a job that has arrived; waits for it. It stays with the job.
  virtual Payload<Real>& payload_of(const Job& job) = 0;
  /// The job's payload was used, and so is what its worker remembers of it.
  virtual void used(const Job&) {}
  /// The job is over: its payload, if there was one, is used or not wanted.
  virtual void forget(WorkerId worker) = 0;

  /// What a job of the worker that starts now goes on from.
  [[nodiscard]] WorkerMemory<Real> memory_of(WorkerId worker) const {
    return {momentum_.memory(worker), wire_.memory(worker)};
  }

 private:
  template <class Consume>
  void use(const Job& job, Consume&& consume);

  std::size_t dimension_;
  Observables observables_;
  bool needs_previous_;
  WorkerMomentum<Real>& momentum_;
  Wire<Real>& wire_;
  Parameters<Real>& server_;
  std::uint64_t folds_ = 0;
  std::optional<Version> diverged_at_;
  FoldWatch watch_;
};

}  // namespace syncline
