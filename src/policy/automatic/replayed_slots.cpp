#include "policy/automatic/replayed_slots.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syncline {

ReplayedSlots::ReplayedSlots(const Requirements& requirements, std::size_t workers)
    : held_(requirements.slots + requirements.tables) {
  for (Slot table = requirements.slots; table < held_.size(); ++table) {
    held_[table].entries.resize(workers);
  }
}

void ReplayedSlots::fold(Slot slot, double weight, WorkerId worker, Version read, Version version) {
  Held& held = held_.at(slot);
  ++held.fresh;
  if (!held.entries.empty()) {
    ++held.entries[worker].count;
    held.entries[worker].read = read;
    return;
  }
  const auto delay = static_cast<double>(version - read);
  held.weight += weight;
  held.squares += weight * weight;
  held.stale += weight * delay * delay;
}

void ReplayedSlots::put(Slot table, WorkerId worker, Version read) {
  Held& held = held_.at(table);
  ++held.fresh;
  held.entries.at(worker) = {1, read};
}

void ReplayedSlots::merge(Slot from, Slot into, double weight) {
  const Held part = std::exchange(held_.at(from), {});
  Held& whole = held_.at(into);
  whole.weight += weight * part.weight;
  whole.squares += weight * weight * part.squares;
  whole.stale += weight * part.stale;
  whole.fresh += part.fresh;
}

void ReplayedSlots::clear(Slot slot) {
  Held& held = held_.at(slot);
  const std::size_t workers = held.entries.size();
  held = {};
  held.entries.resize(workers);
}

void ReplayedSlots::swap(Slot a, Slot b) { std::swap(held_.at(a), held_.at(b)); }

void ReplayedSlots::gather_entries(Held& table, Version version) const {
  double filled = 0, inverses = 0, delays = 0;
  for (const Entry& entry : table.entries) {
    if (entry.count == 0) continue;
    const auto delay = static_cast<double>(version - entry.read);
    ++filled;
    inverses += 1 / static_cast<double>(entry.count);
    delays += delay * delay;
  }
  table.weight = filled > 0 ? 1 : 0;
  table.squares = filled > 0 ? inverses / (filled * filled) : 0;
  table.stale = filled > 0 ? delays / filled : 0;
}

void ReplayedSlots::step(Slot slot, double scale, Version version) {
  Held& held = held_.at(slot);
  const bool table = !held.entries.empty();
  if (table) gather_entries(held, version);
  ++steps_;
  size_ += scale * held.weight;
  squares_ += scale * scale * held.squares;
  stale_ += scale * held.stale;
  used_ += static_cast<double>(held.fresh);
  if (table) {
    held.fresh = 0;
  } else {
    held = {};
  }
}

void ReplayedSlots::forget_steps() { steps_ = size_ = squares_ = stale_ = used_ = 0; }

double ReplayedSlots::gradients_per_step() const {
  if (steps_ == 0 || squares_ == 0) return 0;
  return std::min(size_ * size_ / (steps_ * squares_), used_ / steps_);
}

double ReplayedSlots::staleness() const { return size_ > 0 ? std::sqrt(stale_ / size_) : 0; }

}  // namespace syncline
