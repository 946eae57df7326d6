#include "trace/update_recorder.hpp"

#include <algorithm>

namespace syncline {

void UpdateRecorder::cancelled(const Job& job, double time) {
  record_.cancelled.emplace_back(job.worker, time - job.start);
}

std::vector<GradientRecord>& UpdateRecorder::held_in(Slot slot) {
  if (slot >= held_.size()) held_.resize(slot + 1);
  return held_[slot];
}

void UpdateRecorder::folded(const Job& job, double time, Slot slot, double) {
  held_in(slot).push_back({job.worker, job.read, job.start, time, 0});
}

void UpdateRecorder::put(const Job& job, double time, Slot table) {
  std::erase_if(held_in(table), [&](const auto& entry) { return entry.worker == job.worker; });
  folded(job, time, table, 1);
}

void UpdateRecorder::cleared(Slot slot) { held_in(slot).clear(); }

void UpdateRecorder::merged(Slot from, Slot into, double) {
  static_cast<void>(held_in(std::max(from, into)));  // both are there now, and stay where they are
  std::vector<GradientRecord>& source = held_[from];
  std::vector<GradientRecord>& target = held_[into];
  const auto old = static_cast<std::ptrdiff_t>(target.size());
  target.insert(target.end(), source.begin(), source.end());
  source.clear();
  std::inplace_merge(target.begin(), target.begin() + old, target.end(),
                     [](const auto& a, const auto& b) { return a.push < b.push; });
}

void UpdateRecorder::swapped(Slot a, Slot b) {
  static_cast<void>(held_in(std::max(a, b)));  // both are there now, and stay where they are
  std::swap(held_[a], held_[b]);
}

void UpdateRecorder::stepped(Slot slot, double, Version version, double time) {
  for (GradientRecord& gradient : held_in(slot)) {
    gradient.staleness = version_ - gradient.read;
    record_.gradients.push_back(gradient);
  }
  held_in(slot).clear();
  version_ = version;
  record_.update = version;
  record_.time = time;
  complete_ = true;
}

void UpdateRecorder::resumed(WorkerId worker, double time) {
  record_.idle.emplace_back(worker, time - parked_since_[worker]);
}

void UpdateRecorder::settled(double) {
  if (!complete_) return;
  complete_ = false;
  sink_(record_);
  record_.gradients.clear();
  record_.idle.clear();
  record_.cancelled.clear();
}

}  // namespace syncline
