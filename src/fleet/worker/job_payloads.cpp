#include "fleet/worker/job_payloads.hpp"

#include <cmath>
#include <cstring>

namespace syncline {

template <class Real>
JobPayloads<Real>::JobPayloads(const Workload<Real>& workload, const Requirements& requirements,
                               const WorkerProgram<Real>& program, WorkerMomentum<Real>& momentum,
                               Wire<Real>& wire, Parameters<Real>& server)
    : dimension_(workload.dimension()),
      observables_(requirements.observables),
      needs_previous_(program.needs_previous()),
      momentum_(momentum),
      wire_(wire),
      server_(server) {}

template <class Real>
void JobPayloads<Real>::started(const Job& job) {
  JobStart<Real> start;
  start.read = server_.snapshot();
  if (needs_previous_) start.previous = server_.previous();
  start.step_size = server_.step_size();
  resume(job, std::move(start));
}

template <class Real>
template <class Consume>
void JobPayloads<Real>::use(const Job& job, Consume&& consume) {
  Payload<Real>& payload = payload_of(job);
  // By value: it must outlive forget().
  const std::shared_ptr<const Snapshot<Real>> read = start_of(job.worker)->read;
  ++folds_;
  if (!std::isfinite(payload.outcome.loss) && !diverged_at_) {
    diverged_at_ = server_.snapshot()->version + 1;
  }
  if (watch_) watch_(*server_.snapshot(), *read);
  consume(payload, *read);
  momentum_.commit(job.worker, std::move(payload.outcome.memory.velocity));
  wire_.commit(job.worker, std::move(payload.outcome.memory.unsent));
  used(job);
  forget(job.worker);
}

template <class Real>
void JobPayloads<Real>::went_down(WorkerId worker, double) {
  momentum_.forget(worker);
  wire_.forget(worker);
}

template <class Real>
void JobPayloads<Real>::folded(const Job& job, double, Slot slot, double weight) {
  use(job, [&](Payload<Real>& payload, const Snapshot<Real>& read) {
    server_.fold(slot, weight, payload.values, read, {job.worker, job.job});
  });
}

template <class Real>
void JobPayloads<Real>::put(const Job& job, double, Slot table) {
  use(job, [&](Payload<Real>& payload, const Snapshot<Real>& read) {
    server_.put(table, payload.values, read, {job.worker, job.job});
  });
}

template <class Real>
void JobPayloads<Real>::describe(const Job& job, Arrive& event) {
  if (!observables_.loss && !observables_.norm && !observables_.distance) return;
  // Only what needs the payload waits for it.
  const bool needs_payload = observables_.loss || observables_.norm;
  const Payload<Real>* payload = needs_payload ? &payload_of(job) : nullptr;
  if (observables_.loss) event.loss = payload->outcome.loss;
  server_.describe(observables_,
                   payload ? std::span<const Real>(payload->values) : std::span<const Real>(),
                   *start_of(job.worker)->read, {job.worker, job.job}, event);
}

template <class Real>
void JobPayloads<Real>::stepped(Slot slot, double scale, Version version, double) {
  server_.step(slot, scale, version);
}

template <class Real>
void JobPayloads<Real>::published(const char* name, double value, double) {
  if (std::strcmp(name, "k") == 0) server_.set_k(value);
}

template class JobPayloads<float>;
template class JobPayloads<double>;

}  // namespace syncline
