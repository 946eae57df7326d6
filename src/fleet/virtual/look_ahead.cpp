#include "fleet/virtual/look_ahead.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"

namespace syncline {

LookAhead::LookAhead(const VirtualFleet& fleet, std::uint64_t ahead, Consumed consumed)
    : fleet_(fleet), ahead_(ahead), consumed_(std::move(consumed)) {
  fleet_.host().add_observer(this);
}

void LookAhead::run(std::uint64_t folds) {
  while (folds_ < folds + ahead_ && !blocked() && !fleet_.host().finished() &&
         std::isfinite(fleet_.next_time())) {
    fleet_.advance();
  }
}

void LookAhead::deliver(double value) {
  if (!blocked()) throw InternalError("the look-ahead did not wait for the measurement");
  fleet_.deliver(value);
}

std::vector<std::pair<WorkerId, std::uint64_t>> LookAhead::pending_jobs() {
  std::vector<QueuedEvent> events = fleet_.clock().pending();
  std::sort(events.begin(), events.end(),
            [](const QueuedEvent& a, const QueuedEvent& b) { return a.before(b); });
  std::vector<std::pair<WorkerId, std::uint64_t>> jobs;
  for (const QueuedEvent& event : events) {
    jobs.emplace_back(event.worker, fleet_.host().job(event.worker).job);
  }
  return jobs;
}

void LookAhead::folded(const Job& job, double, Slot, double) {
  consumed_(job.worker, job.job, folds_++);
}

}  // namespace syncline
