#include "fleet/virtual/virtual_clock.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {

VirtualClock::VirtualClock(std::shared_ptr<const FleetTiming> timing, std::uint64_t seed)
    : timing_(std::move(timing)), seed_(seed) {
  if (!timing_->slowness) return;
  for (WorkerId worker = 0; worker < timing_->profile.workers(); ++worker) {
    paths_.emplace_back(*timing_->slowness, seed_, worker);
  }
}

void VirtualClock::schedule(const Job& job) {
  const DelayLaw& law = timing_->profile.law(job.worker);
  double work = 0;
  for (std::uint32_t i = 0; i < job.work.gradients; ++i) {
    work += law.sample({seed_, job.worker, job.gradient + i});
  }
  double begin = job.start + timing_->pull;
  if (job.restart) begin += timing_->restart_cost;
  // A job without end is not charged piece by piece.
  const double computed =
      paths_.empty() || std::isinf(work) ? begin + work : paths_[job.worker].finish(begin, work);
  const bool shared_link = timing_->link_time > 0;
  queue_.push({computed + timing_->push, job.worker,
               shared_link ? QueuedEvent::Kind::at_the_link : QueuedEvent::Kind::arrival});
}

void VirtualClock::arm(std::uint32_t timer, double at) {
  disarm(timer);
  timers_.emplace_back(at, timer);
}

void VirtualClock::disarm(std::uint32_t timer) {
  std::erase_if(timers_, [&](const auto& entry) { return entry.second == timer; });
}

VirtualClock::Next VirtualClock::peek() {
  while (!queue_.empty() && queue_.top().kind == QueuedEvent::Kind::at_the_link &&
         std::isfinite(queue_.top().time) && !timer_before(queue_.top().time)) {
    // First come, first served: the queue hands them over in order of their time at the link.
    const QueuedEvent event = queue_.top();
    queue_.pop();
    link_free_ = std::max(link_free_, event.time) + timing_->link_time;
    queue_.push({link_free_, event.worker, QueuedEvent::Kind::arrival});
  }
  Next next;
  if (!queue_.empty()) {
    next = {Next::Kind::arrival, queue_.top().time, queue_.top().worker};
  }
  for (const auto& [time, timer] : timers_) {
    if (next.kind == Next::Kind::nothing || time < next.time) {
      next = {Next::Kind::timer, time, timer};
    }
  }
  return next;
}

bool VirtualClock::timer_before(double time) const {
  return std::any_of(timers_.begin(), timers_.end(),
                     [&](const auto& entry) { return entry.first < time; });
}

void VirtualClock::take(const Next& next) {
  now_ = next.time;
  if (next.kind == Next::Kind::arrival) queue_.pop();
  if (next.kind == Next::Kind::timer) disarm(next.index);
}

nlohmann::json VirtualClock::state() {
  nlohmann::json events = nlohmann::json::array();
  for (const QueuedEvent& event : queue_.events()) {
    // A job that never finishes has an infinite time, which JSON doesn't know.
    events.push_back({std::isinf(event.time) ? nlohmann::json() : nlohmann::json(event.time),
                      event.worker, static_cast<std::uint32_t>(event.kind)});
  }
  return {{"now", now_}, {"link_free", link_free_}, {"events", events}, {"timers", timers_}};
}

void VirtualClock::restore(const nlohmann::json& state) {
  state.at("now").get_to(now_);
  state.at("link_free").get_to(link_free_);
  state.at("timers").get_to(timers_);
  queue_.clear();
  for (const auto& event : state.at("events")) {
    queue_.push({event.at(0).is_null() ? INFINITY : event.at(0).get<double>(),
                 event.at(1).get<WorkerId>(),
                 static_cast<QueuedEvent::Kind>(event.at(2).get<std::uint32_t>())});
  }
  // The paths of slowness are functions of (seed, worker): a fresh one reads on from here.
}

}  // namespace syncline
