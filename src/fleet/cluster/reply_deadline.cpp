#include "fleet/cluster/reply_deadline.hpp"

#include <algorithm>
#include <vector>

namespace syncline {
namespace {

using Seconds = ReplyDeadline::Seconds;

Seconds median(std::vector<Seconds> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

}  // namespace

void ReplyDeadline::measured(Seconds time) {
  times_.push_back(time);
  if (times_.size() > most) times_.pop_front();
  if (times_.size() < fewest) return;
  const Seconds usual = median({times_.begin(), times_.end()});
  std::vector<Seconds> deviations_of;
  for (const Seconds each : times_) {
    deviations_of.push_back(each < usual ? usual - each : each - usual);
  }
  value_ = std::clamp(usual + deviations * median(std::move(deviations_of)), lower_, upper_);
}

}  // namespace syncline
