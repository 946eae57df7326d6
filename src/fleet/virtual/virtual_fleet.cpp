#include "fleet/virtual/virtual_fleet.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {

double VirtualFleet::next_time() {
  const VirtualClock::Next next = clock_.peek();
  return next.kind == VirtualClock::Next::Kind::nothing ? INFINITY : next.time;
}

void VirtualFleet::advance() {
  const VirtualClock::Next next = clock_.peek();
  clock_.take(next);
  if (next.kind == VirtualClock::Next::Kind::arrival) {
    host_.arrive(next.time, next.index, clock_);
  } else {
    host_.timer_fired(next.time, next.index, clock_);
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
