#include "fleet/virtual/virtual_run_fleet.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {

template <class Real>
VirtualRunFleet<Real>::VirtualRunFleet(VirtualFleet fleet, std::unique_ptr<GradientJobs<Real>> jobs,
                                       const ComputePool<Real>& pool, std::uint32_t threads)
    : fleet_(std::move(fleet)),
      jobs_(std::move(jobs)),
      works_ahead_(pool.works_ahead()),
      ahead_(ahead_per_thread * threads) {}

template <class Real>
void VirtualRunFleet<Real>::begin() {
  const std::vector<WorkerId> absent = fleet_.clock().take_absent();
  for (const WorkerId worker : absent) on_event_({FleetEvent::Kind::down, 0, worker});
  fleet_.begin(absent);
}

template <class Real>
void VirtualRunFleet<Real>::ready() {
  // Nobody can run ahead of a policy that wants to see the gradients.
  if (!works_ahead_ || fleet_.host().policy().requirements().observables.any()) return;
  look_ahead_ = std::make_unique<LookAhead>(
      fleet_, ahead_, [this, base = jobs_->folds()](const Job& job, std::uint64_t order) {
        jobs_->will_be_consumed(job, base + order);
      });
}

template <class Real>
void VirtualRunFleet<Real>::advance() {
  if (look_ahead_) {
    look_ahead_->run(jobs_->folds(), events_);
    if (look_ahead_->blocked()) jobs_->speculate(look_ahead_->pending_jobs());
  } else if (works_ahead_) {
    jobs_->speculate(fleet_.pending_jobs(ahead_));
  }
  ++events_;
  if (fleet_.replays() && std::isfinite(fleet_.next_time()))
    on_event_(fleet_.clock().next_recorded());
  fleet_.advance();
}

template <class Real>
void VirtualRunFleet<Real>::deliver(double value) {
  if (look_ahead_) {
    look_ahead_->run(jobs_->folds(), events_);
    look_ahead_->deliver(value);
  }
  fleet_.deliver(value);
}

template <class Real>
nlohmann::json VirtualRunFleet<Real>::clock_state() {
  return fleet_.clock().state();
}

template <class Real>
void VirtualRunFleet<Real>::restore_clock(const nlohmann::json& state) {
  fleet_.clock().restore(state);
}

template class VirtualRunFleet<float>;
template class VirtualRunFleet<double>;

}  // namespace syncline
