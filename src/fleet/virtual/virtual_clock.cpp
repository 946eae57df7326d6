#include "fleet/virtual/virtual_clock.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

QueuedEvent::Kind where_pushes_go(const FleetTiming& timing) {
  return timing.link_time > 0 ? QueuedEvent::Kind::at_the_link : QueuedEvent::Kind::arrival;
}

nlohmann::json queued(EventQueue& queue) {
  nlohmann::json events = nlohmann::json::array();
  for (const QueuedEvent& event : queue.events()) {
    // A job that never finishes has an infinite time, which JSON doesn't know.
    events.push_back({std::isinf(event.time) ? nlohmann::json() : nlohmann::json(event.time),
                      event.worker, static_cast<std::uint32_t>(event.kind)});
  }
  return events;
}

void fill(EventQueue& queue, const nlohmann::json& events) {
  queue.clear();
  for (const auto& event : events) {
    queue.push({event.at(0).is_null() ? INFINITY : event.at(0).get<double>(),
                event.at(1).get<WorkerId>(),
                static_cast<QueuedEvent::Kind>(event.at(2).get<std::uint32_t>())});
  }
}

}  // namespace

VirtualClock::VirtualClock(std::shared_ptr<const FleetTiming> timing, std::uint64_t seed)
    : timing_(std::move(timing)), seed_(seed) {
  const std::uint32_t workers = timing_->profile.workers();
  if (timing_->lifetime) {
    changes_ = ComingsAndGoings(timing_->lifetime, timing_->absence, seed_, workers);
  }
  if (!timing_->slowness) return;
  path_begins_.resize(workers, 0);
  for (WorkerId worker = 0; worker < workers; ++worker) {
    paths_.emplace_back(*timing_->slowness, seed_, worker);
  }
}

VirtualClock::VirtualClock(std::vector<FleetEvent> recorded)
    : seed_(0), recorded_(std::make_shared<const std::vector<FleetEvent>>(std::move(recorded))) {}

std::vector<WorkerId> VirtualClock::take_absent() {
  std::vector<WorkerId> absent;
  while (replays() && next_recorded_ < recorded_->size()) {
    const FleetEvent& event = (*recorded_)[next_recorded_];
    // Only the beginning itself is at 0.
    if (event.kind != FleetEvent::Kind::down || event.time > 0) break;
    absent.push_back(event.index);
    ++next_recorded_;
  }
  return absent;
}

VirtualClock::Next VirtualClock::recorded() const {
  Next next;
  next.time = INFINITY;
  if (next_recorded_ == recorded_->size()) return next;
  const FleetEvent& event = (*recorded_)[next_recorded_];
  static constexpr Next::Kind kinds[] = {Next::Kind::arrival, Next::Kind::progress,
                                         Next::Kind::timer, Next::Kind::down, Next::Kind::up};
  next = {kinds[static_cast<int>(event.kind)], event.time, event.index, std::nullopt};
  if (event.stopped) next.steps = event.steps;
  return next;
}

double VirtualClock::begin_of(const Job& job) const {
  double begin = job.start + timing_->pull;
  if (job.restart) begin += timing_->restart_cost;
  return begin;
}

double VirtualClock::end_of(const Job& job, double work) {
  const double begin = begin_of(job);
  // A job without end is not charged piece by piece.
  if (paths_.empty() || std::isinf(work)) return begin + work;
  // A path is read forward, but a worker that was restarted at a cost, and dies, may begin again
  // before that job would have begun.
  double& last = path_begins_[job.worker];
  if (begin < last) paths_[job.worker] = SlownessPath(*timing_->slowness, seed_, job.worker);
  last = begin;
  return paths_[job.worker].finish(begin, work);
}

void VirtualClock::schedule(const Job& job) {
  if (replays()) return;
  const std::uint32_t reported = job.work.report * (job.work.gradients / job.work.steps);
  double work = 0;
  for (std::uint32_t i = 0; i < job.work.gradients; ++i) {
    work += timing_->sample(seed_, job, i);
    if (i + 1 == reported) reports_.push({end_of(job, work), job.worker});
  }
  queue_.push({end_of(job, work) + timing_->push, job.worker, where_pushes_go(*timing_)});
}

void VirtualClock::unschedule(WorkerId worker) {
  queue_.remove(worker);
  if (!reports_.empty()) reports_.remove(worker);
}

void VirtualClock::unschedule_everyone() {
  queue_.clear();
  reports_.clear();
}

std::optional<std::uint32_t> VirtualClock::stop(const Job& job) {
  if (replays()) return std::nullopt;
  const std::uint32_t each = job.work.gradients / job.work.steps;
  double work = 0;
  std::uint32_t done = 0;
  for (; done < job.work.steps; ++done) {
    for (std::uint32_t i = 0; i < each; ++i) {
      work += timing_->sample(seed_, job, done * each + i);
    }
    if (end_of(job, work) > now_) break;
  }
  if (done == job.work.steps) return done;  // its payload is on the way as it is
  unschedule(job.worker);
  queue_.push({now_ + timing_->push, job.worker, where_pushes_go(*timing_)});
  return done;
}

void VirtualClock::arm(std::uint32_t timer, double at) {
  disarm(timer);
  timers_.emplace_back(at, timer);
}

void VirtualClock::disarm(std::uint32_t timer) {
  std::erase_if(timers_, [&](const auto& entry) { return entry.second == timer; });
}

VirtualClock::Next VirtualClock::peek() {
  if (replays()) return recorded();
  while (!queue_.empty() && queue_.top().kind == QueuedEvent::Kind::at_the_link &&
         std::isfinite(queue_.top().time) && !other_before(queue_.top().time)) {
    // First come, first served: the queue hands them over in order of their time at the link.
    const QueuedEvent event = queue_.top();
    queue_.pop();
    link_free_ = std::max(link_free_, event.time) + timing_->link_time;
    queue_.push({link_free_, event.worker, QueuedEvent::Kind::arrival});
  }
  Next next;
  const auto consider = [&next](Next::Kind kind, double time, std::uint32_t index) {
    if (next.kind == Next::Kind::nothing || time < next.time) next = {kind, time, index};
  };
  if (!changes_.none()) {
    const auto& change = changes_.next();
    consider(change.count % 2 == 0 ? Next::Kind::down : Next::Kind::up, change.time, change.worker);
  }
  if (!reports_.empty()) consider(Next::Kind::progress, reports_.top().time, reports_.top().worker);
  if (!queue_.empty()) consider(Next::Kind::arrival, queue_.top().time, queue_.top().worker);
  for (const auto& [time, timer] : timers_) consider(Next::Kind::timer, time, timer);
  return next;
}

bool VirtualClock::other_before(double time) {
  return (!changes_.none() && changes_.next().time <= time) ||
         (!reports_.empty() && reports_.top().time <= time) ||
         std::any_of(timers_.begin(), timers_.end(),
                     [&](const auto& entry) { return entry.first < time; });
}

void VirtualClock::take(const Next& next) {
  now_ = next.time;
  if (replays()) {
    ++next_recorded_;
    return;
  }
  switch (next.kind) {
    case Next::Kind::up:
    case Next::Kind::down:
      return changes_.pop();
    case Next::Kind::progress:
      return reports_.pop();
    case Next::Kind::arrival:
      return queue_.pop();
    case Next::Kind::timer:
      return disarm(next.index);
    case Next::Kind::nothing:
      return;
  }
}

nlohmann::json VirtualClock::state() {
  return {{"now", now_},
          {"link_free", link_free_},
          {"events", queued(queue_)},
          {"reports", queued(reports_)},
          {"changes", changes_.state()},
          {"timers", timers_}};
}

void VirtualClock::restore(const nlohmann::json& state) {
  state.at("now").get_to(now_);
  state.at("link_free").get_to(link_free_);
  state.at("timers").get_to(timers_);
  fill(queue_, state.at("events"));
  fill(reports_, state.at("reports"));
  changes_.restore(state.at("changes"));
  // The paths of slowness are functions of (seed, worker): a fresh one reads on from here.
}

}  // namespace syncline
