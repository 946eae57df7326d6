#include "syncline/host.hpp"

namespace syncline {

// Workers that go and come, and jobs that end early.

void Host::worker_down(double time, WorkerId worker, FleetClock& clock) {
  event_ = "WentDown";
  now_ = time;
  Worker& entry = table_.at(worker);
  if (entry.down) broken(1, "worker " + std::to_string(worker) + " went down twice");
  if (entry.state == State::busy) {
    clock.unschedule(worker);
    --account_.in_flight;
    ++account_.lost;
    ++missed_;
    for (auto* observer : observers_) observer->lost(entry.job, time);
  } else {
    for (auto* observer : observers_) observer->resumed(worker, time);
  }
  entry.down = true;
  entry.was_cancelled = false;
  for (auto* observer : observers_) observer->went_down(worker, time);
  const Version before = version_;
  policy_->went_down({time, worker}, answers_[0]);
  conclude(before, clock);
}

void Host::worker_up(double time, WorkerId worker, FleetClock& clock) {
  event_ = "CameUp";
  now_ = time;
  Worker& entry = table_.at(worker);
  if (!entry.down) broken(1, "worker " + std::to_string(worker) + " came up without being down");
  entry.down = false;
  for (auto* observer : observers_) observer->came_up(worker, time);
  if (entry.state == State::busy) {
    --missed_;
    clock.expect(1);
    start(entry, clock);
  } else {
    for (auto* observer : observers_) observer->parked(worker, time);
  }
  const Version before = version_;
  policy_->came_up({time, worker}, answers_[0]);
  conclude(before, clock);
}

void Host::progressed(double time, WorkerId worker, FleetClock& clock) {
  event_ = "Progressed";
  now_ = time;
  if (!table_.at(worker).computes()) broken(3, "a job that is not running made progress");
  const Version before = version_;
  policy_->progressed({time, worker, table_[worker].job.job}, answers_[0]);
  conclude(before, clock);
}

std::vector<WorkerId> Host::waits_for() const {
  std::vector<WorkerId> awaited;
  if (account_.in_flight != 0 || finished_) return awaited;
  for (WorkerId worker = 0; worker < table_.size(); ++worker) {
    if (table_[worker].down && table_[worker].state == State::busy) awaited.push_back(worker);
  }
  return awaited;
}

void Host::stop(WorkerId worker, FleetClock& clock) {
  if (worker >= table_.size() || table_[worker].state != State::busy) {
    broken(1, "worker " + std::to_string(worker) + " was stopped while not busy");
  }
  Worker& entry = table_[worker];
  if (entry.down) return;  // it will do the whole job once it is back, unless it is cancelled
  if (entry.begun != 0) broken(1, "worker " + std::to_string(worker) + " was stopped twice");
  entry.begun = entry.job.work.gradients;
  if (const auto done = clock.stop(entry.job)) shorten(entry, *done);
  for (auto* observer : observers_) observer->stopped(entry.job, now_);
}

void Host::shorten(Worker& entry, std::uint32_t steps) {
  Work& work = entry.job.work;
  if (steps > work.steps) broken(3, "a job that was stopped did more than it was sent to do");
  if (steps == work.steps) return;
  const std::uint32_t each = work.gradients / work.steps;
  // The gradient that was interrupted is spent: the next job draws another.
  entry.begun = steps * each + 1;
  work.steps = steps;
  work.gradients = steps * each;
}

}  // namespace syncline
