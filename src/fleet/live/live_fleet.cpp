#include "fleet/live/live_fleet.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {

template <class Real>
LiveFleet<Real>::LiveFleet(Host host, std::unique_ptr<GatedPort<Real>> port,
                           std::unique_ptr<LivePayloads<Real>> payloads,
                           std::vector<WorkerId> absent)
    : host_(std::move(host)),
      port_(std::move(port)),
      payloads_(std::move(payloads)),
      absent_(std::move(absent)),
      begin_(port_->now()),
      stopped_(host_.workers(), false),
      waits_(host_.workers()) {}

template <class Real>
double LiveFleet<Real>::since_begin(Clock::time_point time) const {
  return std::chrono::duration<double>(time - begin_).count();
}

template <class Real>
auto LiveFleet<Real>::at(double time) const -> Clock::time_point {
  // A tick later: what is to happen at that time must be due then, however the numbers are rounded.
  return begin_ + Clock::duration(1) +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time));
}

template <class Real>
void LiveFleet<Real>::begin() {
  begin_ = port_->now();
  for (const WorkerId worker : absent_) on_event_({FleetEvent::Kind::down, 0, worker});
  host_.begin(0, *this, absent_);
  settle();
}

template <class Real>
void LiveFleet<Real>::ready() {
  // A restored run remembers workers that still have to come.
  for (const WorkerId worker : absent_) {
    if (!host_.down(worker)) accept({FleetEvent::Kind::down, now_, worker});
  }
  // Jobs of a restored run that had been told to end are sent anew.
  for (WorkerId worker = 0; worker < stopped_.size(); ++worker) {
    if (stopped_[worker]) port_->stop(worker);
  }
}

template <class Real>
double LiveFleet<Real>::next_time(double deadline) {
  if (past_) {
    repeated_ = next_of_past();
    if (!repeated_) end_of_past();
    return next_ = repeated_ ? repeated_->event.time : now_;
  }
  // Of two things at once the first that was found goes first, and time never runs backwards.
  const auto timer = std::min_element(timers_.begin(), timers_.end());
  const double timer_time = timer == timers_.end() ? INFINITY : timer->first;
  if (!message_) {
    Clock::time_point until = port_->now() + patience;
    const double wake = std::min(deadline, timer_time);
    if (wake < since_begin(until)) until = at(wake);
    do {
      message_ = port_->receive(until);
      if (message_ && message_->kind == WorkerMessage<Real>::Kind::abandoned) {
        report({since_begin(message_->time), message_->worker, message_->job, message_->pieces_done,
                message_->pieces});
      }
      if (message_ && !concerns_host(*message_)) {
        discard(std::move(*message_));
        message_.reset();
      }
    } while (!message_ && port_->now() < until);
  }
  const double present = message_ ? since_begin(message_->time) : since_begin(port_->now());
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
      return false;
    case Kind::arrived:
    case Kind::progressed:
      return host_.busy(message.worker) && host_.job(message.worker).job == message.job;
  }
  return false;
}

template <class Real>
void LiveFleet<Real>::discard(WorkerMessage<Real>&& message) {
  if (message.kind != WorkerMessage<Real>::Kind::arrived) return;
  ++late_results_;
  port_->recycle(std::move(message.payload.values));
}

template <class Real>
std::map<std::string, std::uint64_t> LiveFleet<Real>::oddities() const {
  auto oddities = port_->oddities();
  // Whoever knows jobs at the other end of a way counts those that it sees itself.
  if (late_results_ > 0) oddities["late result"] += late_results_;
  return oddities;
}

template <class Real>
void LiveFleet<Real>::advance() {
  now_ = next_;
  if (repeated_) {
    FleetInput<Real> input = *std::exchange(repeated_, std::nullopt);
    check_repeated(input.event);
    return happen(input.event, std::move(input.payload));
  }
  if (timer_is_next_) {
    timer_is_next_ = false;
    return accept(
        {FleetEvent::Kind::timer, now_, std::min_element(timers_.begin(), timers_.end())->second});
  }
  if (!message_) {
    if (const auto news = waits_.news(host_, now_)) tell(*news);
    return;
  }
  WorkerMessage<Real> message = std::move(*message_);
  message_.reset();
  // What has happened since it was found may have ended its job.
  concerns_host(message) ? take(message) : discard(std::move(message));
}

template <class Real>
void LiveFleet<Real>::on_news(std::function<void(const std::string&)> callback) {
  on_news_ = std::move(callback);
  port_->on_news([this](const std::string& news) { tell(news); });
}

template <class Real>
void LiveFleet<Real>::tell(const std::string& news) {
  write_down([&](JournalWriter<Real>& journal) { journal.write(FleetNews{news}); });
  on_news_(news);
}

template <class Real>
void LiveFleet<Real>::report(const Abandoned& job) {
  write_down([&](JournalWriter<Real>& journal) { journal.write(job); });
  on_abandoned_(job);
}

template <class Real>
void LiveFleet<Real>::take(WorkerMessage<Real>& message) {
  using Kind = typename WorkerMessage<Real>::Kind;
  switch (message.kind) {
    case Kind::arrived:
      return accept({FleetEvent::Kind::arrival, now_, message.worker, message.payload.outcome.steps,
                     stopped_[message.worker]},
                    std::move(message.payload));
    case Kind::progressed:
      return accept({FleetEvent::Kind::progress, now_, message.worker});
    case Kind::down:
      return accept({FleetEvent::Kind::down, now_, message.worker});
    case Kind::up:
      return accept({FleetEvent::Kind::up, now_, message.worker});
    case Kind::abandoned:
      return;
  }
}

template <class Real>
void LiveFleet<Real>::accept(const FleetEvent& event, Payload<Real>&& payload) {
  const bool brings_payload = event.kind == FleetEvent::Kind::arrival;
  write_down([&](JournalWriter<Real>& journal) {
    journal.write(event, brings_payload ? &payload : nullptr);
  });
  happen(event, std::move(payload));
}

template <class Real>
void LiveFleet<Real>::happen(const FleetEvent& event, Payload<Real>&& payload) {
  on_event_(event);
  switch (event.kind) {
    case FleetEvent::Kind::arrival:
      stopped_[event.index] = false;
      payloads_->accept(event.index, std::move(payload));
      if (event.stopped) {
        host_.arrive(now_, event.index, event.steps, *this);
      } else {
        host_.arrive(now_, event.index, *this);
      }
      break;
    case FleetEvent::Kind::progress:
      host_.progressed(now_, event.index, *this);
      break;
    case FleetEvent::Kind::timer:
      disarm(event.index);
      host_.timer_fired(now_, event.index, *this);
      break;
    case FleetEvent::Kind::down:
      waits_.went_down(event.index, now_);
      host_.worker_down(now_, event.index, *this);
      break;
    case FleetEvent::Kind::up:
      host_.worker_up(now_, event.index, *this);
      break;
  }
  settle();
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
  return {{"now", now_}, {"timers", timers_}, {"stopped", stopped_}, {"down", waits_.state()}};
}

template <class Real>
void LiveFleet<Real>::restore_clock(const nlohmann::json& state) {
  state.at("now").get_to(now_);
  state.at("timers").get_to(timers_);
  state.at("stopped").get_to(stopped_);
  waits_.restore(state.at("down"));
  begin_ = port_->now() - (at(now_) - begin_);
}

template class LiveFleet<float>;
template class LiveFleet<double>;

}  // namespace syncline
