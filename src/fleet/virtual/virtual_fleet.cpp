#include "fleet/virtual/virtual_fleet.hpp"

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

}  // namespace syncline
