#include "fleet/virtual/look_ahead.hpp"

#include <cmath>

#include "syncline/error.hpp"

namespace syncline {

LookAhead::LookAhead(const VirtualFleet& fleet, std::uint64_t ahead, Consumed consumed)
    : fleet_(fleet), ahead_(ahead), consumed_(std::move(consumed)) {
  fleet_.host().add_observer(this);
}

void LookAhead::run(std::uint64_t folds, std::uint64_t events) {
  while (folds_ < folds + ahead_ && events_ < events + most_events_ahead && !blocked() &&
         !fleet_.host().finished() && std::isfinite(fleet_.next_time())) {
    fleet_.advance();
    ++events_;
  }
}

void LookAhead::deliver(double value) {
  if (!blocked()) throw InternalError("the look-ahead did not wait for the measurement");
  fleet_.deliver(value);
}

void LookAhead::folded(const Job& job, double, Slot, double) { consumed_(job, folds_++); }

void LookAhead::put(const Job& job, double, Slot) { consumed_(job, folds_++); }

}  // namespace syncline
