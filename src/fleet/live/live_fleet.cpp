#include "fleet/live/live_fleet.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {

template <class Real>
LiveFleet<Real>::LiveFleet(Host host, std::unique_ptr<WorkerPort<Real>> port,
                           std::unique_ptr<LivePayloads<Real>> payloads,
                           std::vector<WorkerId> absent)
    : host_(std::move(host)),
      port_(std::move(port)),
      payloads_(std::move(payloads)),
      absent_(std::move(absent)),
      stopped_(host_.workers(), false) {}

template <class Real>
double LiveFleet<Real>::since_begin(Clock::time_point time) const {
  return std::chrono::duration<double>(time - begin_).count();
}

template <class Real>
auto LiveFleet<Real>::at(double time) const -> Clock::time_point {
  return begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time));
}

template <class Real>
void LiveFleet<Real>::begin() {
  begin_ = Clock::now();
  for (const WorkerId worker : absent_) on_event_({FleetEvent::Kind::down, 0, worker});
  host_.begin(0, *this, absent_);
}

template <class Real>
void LiveFleet<Real>::ready() {
  // A restored run remembers workers that still have to come.
  for (const WorkerId worker : absent_) {
    if (host_.down(worker)) continue;
    on_event_({FleetEvent::Kind::down, now_, worker});
    host_.worker_down(now_, worker, *this);
  }
  // Jobs of a restored run that had been told to end are sent anew.
  for (WorkerId worker = 0; worker < stopped_.size(); ++worker) {
    if (stopped_[worker]) port_->stop(worker);
  }
}

template <class Real>
double LiveFleet<Real>::next_time(double deadline) {
  // Of two things at once the first that was found goes first, and time never runs backwards.
  const auto timer = std::min_element(timers_.begin(), timers_.end());
  const double timer_time = timer == timers_.end() ? INFINITY : timer->first;
  if (!message_) {
    Clock::time_point until = Clock::now() + patience;
    const double wake = std::min(deadline, timer_time);
    if (wake < since_begin(until)) until = at(wake);
    do {
      message_ = port_->receive(until);
      if (message_ && !concerns_host(*message_)) message_.reset();
    } while (!message_ && Clock::now() < until);
  }
  const double present = message_ ? since_begin(message_->time) : since_begin(Clock::now());
  timer_is_next_ = timer_time <= present;
  return next_ = std::max(now_, std::min(present, timer_time));
}

template <class Real>
bool LiveFleet<Real>::concerns_host(const WorkerMessage<Real>& message) const {
  using Kind = typename WorkerMessage<Real>::Kind;
  switch (message.kind) {
    case Kind::down:
      return !host_.down(message.worker);
    case Kind::up:
      return host_.down(message.worker);
    case Kind::abandoned:
      on_abandoned_({since_begin(message.time), message.worker, message.job, message.pieces_done,
                     message.pieces});
      return false;
    case Kind::arrived:
    case Kind::progressed:
      return host_.busy(message.worker) && host_.job(message.worker).job == message.job;
  }
  return false;
}

template <class Real>
void LiveFleet<Real>::advance() {
  now_ = next_;
  if (timer_is_next_) {
    timer_is_next_ = false;
    const auto timer = std::min_element(timers_.begin(), timers_.end());
    const std::uint32_t index = timer->second;
    timers_.erase(timer);
    on_event_({FleetEvent::Kind::timer, now_, index});
    return host_.timer_fired(now_, index, *this);
  }
  if (!message_) return tell_of_waits();
  WorkerMessage<Real> message = std::move(*message_);
  message_.reset();
  // What has happened since it was found may have ended its job.
  if (concerns_host(message)) take(message);
}

template <class Real>
void LiveFleet<Real>::on_news(std::function<void(const std::string&)> callback) {
  on_news_ = callback;
  port_->on_news(std::move(callback));
}

template <class Real>
void LiveFleet<Real>::tell_of_waits() {
  std::vector<WorkerId> awaited = host_.waits_for();
  if (awaited == awaited_) return;
  awaited_ = std::move(awaited);
  if (awaited_.empty()) return;
  std::string names;
  for (const WorkerId worker : awaited_) names += " " + std::to_string(worker);
  on_news_("nobody computes: the policy waits for workers that are down:" + names);
}

template <class Real>
void LiveFleet<Real>::take(WorkerMessage<Real>& message) {
  using Kind = typename WorkerMessage<Real>::Kind;
  const WorkerId worker = message.worker;
  switch (message.kind) {
    case Kind::arrived: {
      const std::uint32_t steps = message.payload.outcome.steps;
      const bool stopped = stopped_[worker];
      stopped_[worker] = false;
      on_event_({FleetEvent::Kind::arrival, now_, worker, steps, stopped});
      payloads_->accept(worker, std::move(message.payload));
      return stopped ? host_.arrive(now_, worker, steps, *this) : host_.arrive(now_, worker, *this);
    }
    case Kind::progressed:
      on_event_({FleetEvent::Kind::progress, now_, worker});
      return host_.progressed(now_, worker, *this);
    case Kind::down:
      on_event_({FleetEvent::Kind::down, now_, worker});
      return host_.worker_down(now_, worker, *this);
    case Kind::up:
      on_event_({FleetEvent::Kind::up, now_, worker});
      return host_.worker_up(now_, worker, *this);
    case Kind::abandoned:
      return;
  }
}

template <class Real>
void LiveFleet<Real>::unschedule(WorkerId worker) {
  stopped_[worker] = false;
  port_->cancel(worker);
}

template <class Real>
void LiveFleet<Real>::unschedule_everyone() {
  for (WorkerId worker = 0; worker < host_.workers(); ++worker) {
    if (host_.busy(worker)) unschedule(worker);
  }
}

template <class Real>
std::optional<std::uint32_t> LiveFleet<Real>::stop(const Job& job) {
  stopped_[job.worker] = true;
  port_->stop(job.worker);
  return std::nullopt;
}

template <class Real>
void LiveFleet<Real>::arm(std::uint32_t timer, double at) {
  disarm(timer);
  timers_.emplace_back(at, timer);
}

template <class Real>
void LiveFleet<Real>::disarm(std::uint32_t timer) {
  std::erase_if(timers_, [&](const auto& entry) { return entry.second == timer; });
}

template <class Real>
std::string LiveFleet<Real>::why_nothing_happens() const {
  return "no worker is left that could go on";
}

template <class Real>
nlohmann::json LiveFleet<Real>::clock_state() {
  return {{"now", now_}, {"timers", timers_}, {"stopped", stopped_}};
}

template <class Real>
void LiveFleet<Real>::restore_clock(const nlohmann::json& state) {
  state.at("now").get_to(now_);
  state.at("timers").get_to(timers_);
  state.at("stopped").get_to(stopped_);
  begin_ = Clock::now() - (at(now_) - begin_);
}

template class LiveFleet<float>;
template class LiveFleet<double>;

}  // namespace syncline
