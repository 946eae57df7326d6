#include "fleet/virtual/virtual_fleet.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"

namespace syncline {

double VirtualFleet::next_time() {
  const VirtualClock::Next next = clock_.peek();
  return next.kind == VirtualClock::Next::Kind::nothing ? INFINITY : next.time;
}

void VirtualFleet::begin(const std::vector<WorkerId>& absent) {
  for (const WorkerId worker : absent) {
    if (worker < host_.workers() && std::count(absent.begin(), absent.end(), worker) == 1) continue;
    throw DataError("the log begins without worker " + std::to_string(worker) +
                    ", who is not in the fleet, or was absent already");
  }
  host_.begin(0, clock_, absent);
}

std::string VirtualFleet::why_nothing_happens() const {
  const std::string after = " after " + std::to_string(host_.version()) + " updates: ";
  const std::vector<WorkerId> awaited = host_.waits_for();
  if (awaited.empty()) {
    return "the service times of the workers that are waited for are used up" + after +
           "give more of them, or ask for fewer updates";
  }
  std::string names;
  for (const WorkerId worker : awaited) {
    names += (names.empty() ? "" : ", ") + std::to_string(worker);
  }
  return "nobody computes any more" + after +
         "the policy waits for workers that are dead for good (" + names +
         "); let them come back (fleet.absence), or go on without (--on-shortage shrink)";
}

void VirtualFleet::advance() {
  const VirtualClock::Next next = clock_.peek();
  clock_.take(next);
  if (!clock_.replays()) return happen(next);
  if (next.kind != VirtualClock::Next::Kind::timer && next.index >= host_.workers()) {
    throw DataError("the log names worker " + std::to_string(next.index) + " of " +
                    std::to_string(host_.workers()));
  }
  try {
    happen(next);
  } catch (const LawViolation& violation) {
    throw DataError(std::string("the log does not belong to this configuration, or was changed: ") +
                    violation.what());
  }
}

void VirtualFleet::happen(const VirtualClock::Next& next) {
  using Kind = VirtualClock::Next::Kind;
  switch (next.kind) {
    case Kind::up:
      return host_.worker_up(next.time, next.index, clock_);
    case Kind::down:
      return host_.worker_down(next.time, next.index, clock_);
    case Kind::progress:
      return host_.progressed(next.time, next.index, clock_);
    case Kind::arrival:
      return next.steps ? host_.arrive(next.time, next.index, *next.steps, clock_)
                        : host_.arrive(next.time, next.index, clock_);
    case Kind::timer:
      return host_.timer_fired(next.time, next.index, clock_);
    case Kind::nothing:
      throw InternalError("nothing can happen any more");
  }
}

std::vector<PendingJob> VirtualFleet::pending_jobs(std::size_t count) {
  std::vector<QueuedEvent> events = clock_.pending();
  const auto end = events.begin() + static_cast<std::ptrdiff_t>(std::min(count, events.size()));
  std::partial_sort(events.begin(), end, events.end(),
                    [](const QueuedEvent& a, const QueuedEvent& b) { return a.before(b); });
  std::vector<PendingJob> jobs;
  for (auto event = events.begin(); event != end; ++event) {
    jobs.emplace_back(event->worker, host_.job(event->worker).job);
  }
  return jobs;
}

}  // namespace syncline
