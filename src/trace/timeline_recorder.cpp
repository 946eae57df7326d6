#include "trace/timeline_recorder.hpp"

#include <algorithm>

namespace syncline {

TimelineRecorder::TimelineRecorder(std::uint32_t workers, double horizon) {
  timeline_.workers = std::min(workers, most_workers);
  timeline_.to = horizon;
  parked_since_.resize(timeline_.workers, 0);
}

void TimelineRecorder::add(WorkerId worker, TimelineSpan::Kind kind, double begin, double end) {
  if (!shown(worker, begin) || end <= begin) return;
  timeline_.spans.push_back({worker, kind, begin, std::min(end, timeline_.to)});
}

void TimelineRecorder::arrived(const Job& job, double time) {
  add(job.worker, TimelineSpan::Kind::compute, job.start, time);
}

void TimelineRecorder::cancelled(const Job& job, double time) {
  add(job.worker, TimelineSpan::Kind::cancelled, job.start, time);
}

void TimelineRecorder::folded(const Job& job, double time, Slot, double) {
  if (shown(job.worker, time)) waiting_.push_back({job.worker, time, 0, version_ - job.read});
}

void TimelineRecorder::stepped(Slot, double, Version version, double time) {
  version_ = version;
  for (TimelineArrow arrow : waiting_) {
    arrow.update = time;
    if (time <= timeline_.to) timeline_.arrows.push_back(arrow);
  }
  waiting_.clear();
}

void TimelineRecorder::parked(WorkerId worker, double time) {
  if (worker < timeline_.workers) parked_since_[worker] = time;
}

void TimelineRecorder::resumed(WorkerId worker, double time) {
  if (worker < timeline_.workers) {
    add(worker, TimelineSpan::Kind::idle, parked_since_[worker], time);
  }
}

}  // namespace syncline
