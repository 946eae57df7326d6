#include "syncline/host.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

const char* law_text(int law) {
  switch (law) {
    case 1:
      return "law 1 (a worker is either busy with one job, or parked, or down)";
    case 2:
      return "law 2 (each payload is consumed exactly once)";
    case 3:
      return "law 3 (versions rise by one per step, and cancelled jobs are never delivered)";
    case 4:
      return "law 4 (no deadlock)";
    default:
      return "law 5 (the same events give the same actions)";
  }
}

}  // namespace

Host::Host(std::unique_ptr<Policy> policy, std::string policy_text, std::uint32_t workers)
    : policy_(std::move(policy)),
      policy_text_(std::move(policy_text)),
      requirements_(policy_->requirements()),
      table_(workers),
      held_(requirements_.slots + requirements_.tables),
      next_measurement_(requirements_.measurements.size(), 0.0),
      free_(workers),
      answers_(deepest_answer) {
  for (WorkerId worker = 0; worker < workers; ++worker) table_[worker].job.worker = worker;
  for (Slot table = requirements_.slots; table < held_.size(); ++table) {
    held_[table].filled.resize(workers);
    held_[table].entries.resize(workers);
  }
}

Host::Host(const Host& other)
    : policy_(other.policy_->clone()),
      policy_text_(other.policy_text_),
      requirements_(other.requirements_),
      table_(other.table_),
      version_(other.version_),
      account_(other.account_),
      held_(other.held_),
      next_measurement_(other.next_measurement_),
      due_(other.due_),
      armed_(other.armed_),
      free_(other.free_),
      missed_(other.missed_),
      finished_(other.finished_),
      now_(other.now_),
      answers_(deepest_answer) {}

void Host::begin(double time, FleetClock& clock, const std::vector<WorkerId>& absent) {
  if (requirements_.observables.any() && scalars_ == nullptr) {
    throw InternalError("the policy '" + policy_text_ +
                        "' wants to see scalars of gradients, and nobody offers them");
  }
  event_ = "Begin";
  now_ = time;
  for (const WorkerId worker : absent) table_.at(worker).down = true;
  policy_->begin({time, workers()}, answers_[0]);
  answer(clock);
  for (const WorkerId worker : absent) {
    policy_->went_down({time, worker}, answers_[0]);
    answer(clock);
  }
  schedule_measurements();
  settle();
}

void Host::arrive(double time, WorkerId worker, FleetClock& clock) {
  event_ = "Arrive";
  now_ = time;
  pusher_ = worker;
  Worker& entry = table_[worker];
  if (!entry.computes()) broken(3, "a job was delivered that is not running");
  if (entry.job.read > version_) broken(3, "a job was computed at a version yet to come");
  entry.state = State::free;
  ++free_;
  --account_.in_flight;
  ++account_.computed;
  payload_open_ = true;
  for (auto* observer : observers_) observer->arrived(entry.job, time);
  const Version before = version_;
  Arrive arrival;
  arrival.time = time;
  arrival.worker = worker;
  arrival.job = entry.job.job;
  arrival.read = entry.job.read;
  arrival.version = version_;
  arrival.start = entry.job.start;
  arrival.steps = entry.job.work.steps;
  if (scalars_ != nullptr) scalars_->describe(entry.job, arrival);
  policy_->arrive(arrival, answers_[0]);
  conclude(before, clock);
}

void Host::arrive(double time, WorkerId worker, std::uint32_t steps, FleetClock& clock) {
  if (table_[worker].begun == 0) broken(3, "a job did less than it was sent to do");
  shorten(table_[worker], steps);
  arrive(time, worker, clock);
}

void Host::timer_fired(double time, std::uint32_t timer, FleetClock& clock) {
  event_ = "TimerFired";
  now_ = time;
  if (std::erase(armed_, timer) == 0) broken(5, "a timer ran out that was not armed");
  const Version before = version_;
  policy_->timer_fired({time, timer}, answers_[0]);
  conclude(before, clock);
}

void Host::measured(double time, double value, FleetClock& clock) {
  event_ = "Measured";
  now_ = time;
  const std::size_t index = due_.front();
  due_.erase(due_.begin());
  policy_->measured({time, requirements_.measurements[index].name, value}, answers_[0]);
  answer(clock);
  settle();
}

const Measurement* Host::due_measurement() const {
  return due_.empty() ? nullptr : &requirements_.measurements[due_.front()];
}

void Host::schedule_measurements() {
  for (std::size_t i = 0; i < next_measurement_.size(); ++i) {
    const double every = requirements_.measurements[i].every;
    if (every == 0 || now_ < next_measurement_[i]) continue;
    due_.push_back(i);
    next_measurement_[i] = (std::floor(now_ / every) + 1) * every;
  }
}

void Host::conclude(Version before, FleetClock& clock) {
  answer(clock);
  if (payload_open_) broken(2, "the payload was neither folded nor dropped");
  if (version_ != before) schedule_measurements();
  settle();
}

void Host::answer(FleetClock& clock) {
  Actions& actions = answers_[depth_];
  // By index: a nested answer uses its own Actions, so this list doesn't move.
  for (std::size_t i = 0; i < actions.list().size(); ++i) {
    execute(actions.list()[i], actions, clock);
  }
  actions.reset();
}

void Host::execute(const Action& action, const Actions& actions, FleetClock& clock) {
  const auto each_worker = [&](auto&& act) {
    for (std::uint32_t i = 0; i < action.count; ++i) act(actions.workers()[action.index + i]);
  };
  switch (action.kind) {
    case Action::Kind::fold:
      return fold(action.index, action.number);
    case Action::Kind::put:
      return put(action.index);
    case Action::Kind::drop:
      return drop(action.text);
    case Action::Kind::step:
      return step(action.index, action.number, clock);
    case Action::Kind::clear:
      return clear(action.index);
    case Action::Kind::swap:
      return swap(action.index, action.count);
    case Action::Kind::merge:
      return merge(action.index, action.count, action.number);
    case Action::Kind::send:
      if (action.everyone) return send_everyone(action.work, clock);
      clock.expect(action.count);
      return each_worker([&](WorkerId worker) { send(worker, action.work, clock); });
    case Action::Kind::cancel:
      if (action.everyone) return cancel_everyone(clock);
      return each_worker([&](WorkerId worker) { cancel(worker, clock); });
    case Action::Kind::stop:
      return each_worker([&](WorkerId worker) { stop(worker, clock); });
    case Action::Kind::park:
      return each_worker([&](WorkerId worker) { park(worker); });
    case Action::Kind::arm:
      std::erase(armed_, action.index);
      armed_.push_back(action.index);
      return clock.arm(action.index, now_ + action.number);
    case Action::Kind::disarm:
      std::erase(armed_, action.index);
      return clock.disarm(action.index);
    case Action::Kind::measure:
      if (action.index >= requirements_.measurements.size()) {
        throw InternalError("the policy '" + policy_text_ + "' asks for measurement " +
                            std::to_string(action.index) +
                            ", which it has not declared (event: " + event_text() + ")");
      }
      due_.push_back(action.index);
      return;
    case Action::Kind::set:
      for (auto* observer : observers_) observer->published(action.text, action.number, now_);
      return;
    case Action::Kind::note:
      for (auto* observer : observers_) observer->noted(actions.notes()[action.index], now_);
      return;
    case Action::Kind::finish:
      finished_ = true;
      return;
  }
}

void Host::send(WorkerId worker, const Work& work, FleetClock& clock) {
  if (worker >= table_.size()) broken(1, "worker " + std::to_string(worker) + " does not exist");
  Worker& entry = table_[worker];
  if (entry.state == State::busy) {
    broken(1, "worker " + std::to_string(worker) + " was sent a job while busy");
  }
  if (work.steps == 0 || work.gradients == 0) {
    broken(1, "worker " + std::to_string(worker) + " was sent a job without work");
  }
  if (entry.state == State::free) --free_;
  if (entry.state == State::parked && !entry.down) {
    for (auto* observer : observers_) observer->resumed(worker, now_);
  }
  entry.state = State::busy;
  entry.wanted = work;
  if (entry.down) {
    ++missed_;
  } else {
    start(entry, clock);
  }
}

void Host::start(Worker& entry, FleetClock& clock) {
  if (entry.has_run) {
    ++entry.job.job;
    entry.job.gradient += entry.begun != 0 ? entry.begun : entry.job.work.gradients;
  }
  entry.begun = 0;
  entry.job.work = entry.wanted;
  entry.has_run = true;
  entry.job.read = version_;
  entry.job.start = now_;
  entry.job.restart = entry.was_cancelled;
  entry.was_cancelled = false;
  ++account_.started;
  ++account_.in_flight;
  clock.schedule(entry.job);
  for (auto* observer : observers_) observer->started(entry.job);
}

void Host::send_everyone(const Work& work, FleetClock& clock) {
  clock.expect(table_.size() - account_.in_flight);
  for (WorkerId worker = 0; worker < table_.size(); ++worker) {
    if (table_[worker].state != State::busy) send(worker, work, clock);
  }
}

void Host::cancel(WorkerId worker, FleetClock& clock) {
  if (worker >= table_.size() || table_[worker].state != State::busy) {
    broken(1, "worker " + std::to_string(worker) + " was cancelled while not busy");
  }
  if (!table_[worker].down) clock.unschedule(worker);
  release(table_[worker]);
}

void Host::cancel_everyone(FleetClock& clock) {
  clock.unschedule_everyone();
  for (Worker& entry : table_) {
    if (entry.state == State::busy) release(entry);
  }
}

void Host::release(Worker& entry) {
  entry.state = State::free;
  ++free_;
  if (entry.down) {
    --missed_;
    return;
  }
  entry.was_cancelled = true;
  --account_.in_flight;
  ++account_.cancelled;
  for (auto* observer : observers_) observer->cancelled(entry.job, now_);
}

void Host::park(WorkerId worker) {
  if (worker >= table_.size() || table_[worker].state == State::busy) {
    broken(1, "worker " + std::to_string(worker) + " was parked while busy");
  }
  if (table_[worker].state == State::parked) return;
  --free_;
  table_[worker].state = State::parked;
  if (table_[worker].down) return;
  for (auto* observer : observers_) observer->parked(worker, now_);
}

void Host::settle() {
  if (account_.started !=
          account_.computed + account_.cancelled + account_.lost + account_.in_flight ||
      account_.computed != account_.applied + account_.dropped + account_.held) {
    broken(2, "the account of payloads does not add up");
  }
  if (free_ != 0 && !finished_) {
    broken(1, std::to_string(free_) + " workers are neither sent again nor parked");
  }
  if (account_.in_flight == 0 && missed_ == 0 && armed_.empty() && !finished_) {
    broken(4, "no worker is busy and no timer is armed, so nothing can happen any more");
  }
  for (auto* observer : observers_) observer->settled(now_);
}

std::string Host::event_text() const {
  std::string text = std::string(event_) + " at time " + std::to_string(now_) + ", version " +
                     std::to_string(version_);
  if (std::string_view(event_) == "Arrive") {
    text += ", worker " + std::to_string(pusher_) + ", job " +
            std::to_string(table_[pusher_].job.job) + " read at " +
            std::to_string(table_[pusher_].job.read);
  }
  return text;
}

void Host::broken(int law, const std::string& what) const {
  throw LawViolation(law, std::string(law_text(law)) + " is broken by the policy '" + policy_text_ +
                              "': " + what + " (event: " + event_text() + ")");
}

}  // namespace syncline
