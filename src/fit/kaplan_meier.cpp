#include "fit/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syncline {

KaplanMeier::KaplanMeier(const Sample& sample) {
  const auto& censored = sample.censored();
  double at_risk = sample.event_count() + sample.censored_count();
  double survival = 1;
  std::size_t passed = 0;
  for (const auto& [time, count] : sample.events()) {
    // A job cancelled at the very time of a complete one was still running then.
    for (; passed < censored.size() && censored[passed].time < time; ++passed) {
      at_risk -= censored[passed].count;
    }
    survival = count >= at_risk ? 0 : survival * (1 - count / at_risk);
    at_risk -= count;
    steps_.push_back({time * sample.unit(), survival});
  }
  if (!sample.events().empty()) longest_ = sample.events().back().time * sample.unit();
  if (!censored.empty()) longest_ = std::max(longest_, censored.back().time * sample.unit());
}

double KaplanMeier::quantile(double p) const {
  // A rounding error must not skip a step: 1 - 7/8 and 1/8 may differ in the last bit.
  const double level = (1 - p) * (1 + 1e-12) + 1e-15;
  const auto found = std::partition_point(steps_.begin(), steps_.end(),
                                          [&](const Step& step) { return step.survival > level; });
  return found == steps_.end() ? steps_.back().time : found->time;
}

double KaplanMeier::restricted_mean() const {
  double mean = 0;
  double time = 0;
  double survival = 1;
  for (const Step& step : steps_) {
    mean += survival * (step.time - time);
    time = step.time;
    survival = step.survival;
  }
  return mean + survival * (longest_ - time);
}

std::vector<std::pair<double, double>> KaplanMeier::curve(std::size_t most) const {
  std::vector<std::size_t> chosen;
  if (steps_.size() <= most) {
    chosen.resize(steps_.size());
    std::iota(chosen.begin(), chosen.end(), 0);
  } else {
    const std::size_t even = most - most / 2;
    // The last step is always among them.
    for (std::size_t i = 0; i < even; ++i) chosen.push_back((i + 1) * steps_.size() / even - 1);
    const auto positive = std::find_if(steps_.rbegin(), steps_.rend(),
                                       [](const Step& step) { return step.survival > 0; });
    for (std::size_t i = 0; i < most / 2; ++i) {
      const double level =
          std::pow(positive->survival, static_cast<double>(i + 1) / static_cast<double>(most / 2));
      const auto found = std::partition_point(steps_.begin(), steps_.end(), [&](const Step& step) {
        return step.survival > level * (1 + 1e-12);
      });
      chosen.push_back(static_cast<std::size_t>(found - steps_.begin()));
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  }
  std::vector<std::pair<double, double>> points;
  for (const std::size_t i : chosen) points.emplace_back(steps_[i].time, steps_[i].survival);
  return points;
}

}  // namespace syncline
