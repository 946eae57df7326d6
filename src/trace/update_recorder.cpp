#include "trace/update_recorder.hpp"

namespace syncline {

void UpdateRecorder::cancelled(const Job& job, double time) {
  record_.cancelled.emplace_back(job.worker, time - job.start);
}

void UpdateRecorder::folded(const Job& job, double time, Slot, double) {
  record_.gradients.push_back({job.worker, job.read, job.start, time, version_ - job.read});
}

void UpdateRecorder::cleared(Slot) { record_.gradients.clear(); }

void UpdateRecorder::stepped(Slot, double, Version version, double time) {
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
