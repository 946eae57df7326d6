#include "plan/recorded_times.hpp"

#include <algorithm>
#include <limits>

namespace syncline {

RecordedTimes::RecordedTimes(const Timings& timings, DelayProfile fitted, std::uint32_t worker)
    : fitted_(std::move(fitted)), worker_(worker) {
  for (const Timing& job : timings.jobs) {
    if (job.worker == worker) jobs_.push_back({job.seconds, job.censored});
  }
}

double RecordedTimes::sample(const DrawKey& key) const {
  if (key.job >= jobs_.size()) return law().sample(key);
  const Recorded& job = jobs_[key.job];
  if (!job.censored) return job.seconds;
  const double left = law().survival(job.seconds);
  // Where the fitted law ends before the job did, the job ended when it was cancelled.
  if (left <= 0) return job.seconds;
  const double survival = left * DrawStream(Stream::delay, key).uniform();
  const double p = std::clamp(1 - survival, std::numeric_limits<double>::min(),
                              1 - std::numeric_limits<double>::epsilon());
  return std::max(job.seconds, law().quantile(p));
}

std::string RecordedTimes::text() const {
  return "recorded(worker=" + std::to_string(worker_) + ")";
}

DelayProfile recorded_fleet(const Timings& timings, const DelayProfile& fitted) {
  std::vector<std::pair<std::uint32_t, std::shared_ptr<const DelayLaw>>> groups;
  for (std::uint32_t worker = 0; worker < timings.workers; ++worker) {
    groups.emplace_back(1, std::make_shared<RecordedTimes>(timings, fitted, worker));
  }
  return DelayProfile::of(groups);
}

}  // namespace syncline
