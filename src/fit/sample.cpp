#include "fit/sample.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

std::vector<Weighted> joined(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::vector<Weighted> result;
  for (const double time : times) {
    if (result.empty() || result.back().time != time) result.push_back({time, 0});
    ++result.back().count;
  }
  return result;
}

}  // namespace

Sample::Sample(std::span<const Timing> jobs) {
  std::vector<double> complete;
  std::vector<double> cut;
  for (const Timing& job : jobs) (job.censored ? cut : complete).push_back(job.seconds);
  if (jobs.empty()) return;
  auto& reference = complete.empty() ? cut : complete;
  const auto middle = reference.begin() + static_cast<std::ptrdiff_t>(reference.size() / 2);
  std::nth_element(reference.begin(), middle, reference.end());
  unit_ = *middle;
  for (auto* times : {&complete, &cut}) {
    for (double& time : *times) time /= unit_;
  }
  events_ = joined(std::move(complete));
  censored_ = joined(std::move(cut));
  for (const auto& [time, count] : events_) {
    event_count_ += count;
    exposure_ += count * time;
    log_sum_ += count * std::log(time);
  }
  for (const auto& [time, count] : censored_) {
    censored_count_ += count;
    exposure_ += count * time;
  }
}

}  // namespace syncline
