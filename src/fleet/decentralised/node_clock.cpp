#include "fleet/decentralised/node_clock.hpp"

#include <cmath>
#include <string>

#include "syncline/error.hpp"

namespace syncline {

NodeClock::NodeClock(const FleetTiming& timing, double latency, std::uint64_t seed)
    : timing_(timing), latency_(latency), seed_(seed) {
  if (!timing_.slowness) return;
  for (WorkerId node = 0; node < timing_.profile.workers(); ++node) {
    paths_.emplace_back(*timing_.slowness, seed_, node);
  }
}

double NodeClock::finish(WorkerId node, std::uint64_t job, double start) {
  const double work = timing_.profile.law(node).sample({seed_, node, job});
  if (std::isinf(work)) {
    throw DataError("the service times of node " + std::to_string(node) + " are used up after " +
                    std::to_string(job) + " gradients: set stop.updates or stop.time lower");
  }
  return paths_.empty() ? start + work : paths_[node].finish(start, work);
}

double NodeClock::broadcast(std::uint64_t messages) const {
  return latency_ + static_cast<double>(messages) * (timing_.push - latency_);
}

}  // namespace syncline
