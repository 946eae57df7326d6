#pragma once

#include <optional>
#include <vector>

#include "fleet/live/payload_shape.hpp"
#include "fleet/live/worker_port.hpp"

namespace syncline {

/// The payloads of a real fleet: jobs that start are sent to the workers, and payloads are there
/// before the host hears of them.
template <class Real>
class LivePayloads final : public JobPayloads<Real> {
 public:
  /// All references must outlive this.
  LivePayloads(const Workload<Real>& workload, const Requirements& requirements,
               const WorkerProgram<Real>& program, WorkerMomentum<Real>& momentum, Wire<Real>& wire,
               Parameters<Real>& server, WorkerPort<Real>& port, std::uint32_t workers)
      : JobPayloads<Real>(workload, requirements, program, momentum, wire, server),
        port_(port),
        shape_{workload.dimension(), program.vectors(), workload.buffers()},
        by_worker_(workers) {}

  [[nodiscard]] const PayloadShape& shape() const { return shape_; }

  /// The payload of the worker's running job has come.
  void accept(WorkerId worker, Payload<Real>&& payload) {
    by_worker_[worker].payload = std::move(payload);
  }

  void resume(const Job& job, JobStart<Real> start) override {
    by_worker_[job.worker].start = std::move(start);
    resend(job);
  }
  /// Sends a running job anew.
  void resend(const Job& job) {
    port_.assign(job, *by_worker_[job.worker].start, this->memory_of(job.worker));
  }
  [[nodiscard]] const JobStart<Real>* start_of(WorkerId worker) const override {
    const auto& start = by_worker_[worker].start;
    return start ? &*start : nullptr;
  }

  void cancelled(const Job& job, double) override { forget(job.worker); }
  void dropped(const Job& job, double, const char*) override { forget(job.worker); }

 private:
  struct Running {
    std::optional<JobStart<Real>> start;
    Payload<Real> payload;
  };

  Payload<Real>& payload_of(const Job& job) override { return by_worker_[job.worker].payload; }
  void used(const Job& job) override { port_.used(job); }
  void forget(WorkerId worker) override {
    port_.recycle(std::move(by_worker_[worker].payload.values));
    by_worker_[worker] = {};
  }

  WorkerPort<Real>& port_;
  PayloadShape shape_;
  std::vector<Running> by_worker_;
};

}  // namespace syncline
