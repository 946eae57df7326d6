#include "trace/run_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {

RunStatistics::RunStatistics(std::uint32_t workers, std::uint64_t planned_updates,
                             bool include_startup)
    : workers_(workers),
      planned_updates_(planned_updates),
      startup_decided_(include_startup || planned_updates == 0),
      contributions_(workers, 0) {
  begin_window(0);
}

void RunStatistics::begin_window(double time) {
  first_update_ = version_;
  window_start_ = last_update_ = batch_start_ = time;
  const std::uint64_t left = planned_updates_ > version_ ? planned_updates_ - version_ : 0;
  batch_length_ = std::max<std::uint64_t>(1, left / batches);
  batch_means_.clear();
  staleness_ = {};
  positions_.clear();
  idle_time_ = cancelled_time_ = 0;
  cancelled_jobs_ = 0;
}

void RunStatistics::pass_time(double time) {
  const double passed = time - passed_;
  idle_time_ += passed * static_cast<double>(parked_);
  busy_time_ += passed * static_cast<double>(busy_);
  passed_ = time;
}

void RunStatistics::started(const Job& job) {
  if (job.start != passed_) pass_time(job.start);
  ++busy_;
}

void RunStatistics::cancelled(const Job& job, double time) {
  if (time != passed_) pass_time(time);
  --busy_;
  cancelled_time_ += time - job.start;
  ++cancelled_jobs_;
}

void RunStatistics::arrived(const Job&, double time) {
  pass_time(time);
  --busy_;
}

void RunStatistics::folded(const Job& job, double, Slot, double) {
  const Version staleness = version_ - job.read;
  staleness_.add(staleness);
  if (position_ >= positions_.size()) positions_.resize(position_ + 1);
  Position& position = positions_[position_++];
  ++position.all;
  if (staleness == 0) ++position.fresh;
  ++gradients_;
  ++contributions_[job.worker];
}

void RunStatistics::stepped(Slot, double, Version version, double time) {
  version_ = version;
  last_update_ = time;
  position_ = 0;
  if ((version_ - first_update_) % batch_length_ == 0) {
    batch_means_.push_back((time - batch_start_) / static_cast<double>(batch_length_));
    batch_start_ = time;
  }
  if (startup_decided_ || gradients_ < startup_gradients_per_worker * workers_) return;
  startup_decided_ = true;
  startup_excluded_ = startup_ends_ = version_ <= planned_updates_ / 2;
}

void RunStatistics::settled(double time) {
  now_ = time;
  // Only now: jobs that this update cancels belong to the time before it.
  if (startup_ends_) begin_window(time);
  startup_ends_ = false;
}

void RunStatistics::parked(WorkerId, double time) {
  pass_time(time);
  ++parked_;
}

void RunStatistics::resumed(WorkerId, double time) {
  if (time != passed_) pass_time(time);
  --parked_;
}

double RunStatistics::runtime_per_update() const {
  if (updates() == 0) return 0;
  return (last_update_ - window_start_) / static_cast<double>(updates());
}

std::optional<double> RunStatistics::runtime_stderr() const {
  const auto n = static_cast<double>(batch_means_.size());
  if (batch_means_.size() < 2) return std::nullopt;
  double mean = 0;
  for (const double value : batch_means_) mean += value / n;
  double squares = 0;
  for (const double value : batch_means_) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n - 1) / n);
}

double RunStatistics::fresh_fraction() const {
  if (staleness_.total() == 0) return 0;
  return static_cast<double>(staleness_.counts().front()) / static_cast<double>(staleness_.total());
}

std::vector<double> RunStatistics::fresh_fraction_by_position() const {
  std::vector<double> result;
  for (const Position& position : positions_) {
    result.push_back(position.all == 0
                         ? 0
                         : static_cast<double>(position.fresh) / static_cast<double>(position.all));
  }
  return result;
}

double RunStatistics::window_worker_time() const {
  return static_cast<double>(workers_) * (now_ - window_start_);
}

double RunStatistics::idle_fraction() const {
  const double all = window_worker_time();
  return all > 0 ? idle_time_ / all : 0;
}

double RunStatistics::cancelled_time_fraction() const {
  const double all = window_worker_time();
  return all > 0 ? cancelled_time_ / all : 0;
}

double RunStatistics::cancelled_job_fraction() const {
  const auto all = static_cast<double>(cancelled_jobs_ + staleness_.total());
  return all > 0 ? static_cast<double>(cancelled_jobs_) / all : 0;
}

double RunStatistics::compute_time(double until) const {
  return busy_time_ + static_cast<double>(busy_) * (until - passed_);
}

}  // namespace syncline
