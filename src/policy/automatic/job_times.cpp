#include "policy/automatic/job_times.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace syncline {
namespace {

constexpr std::size_t remembered = 16;
/// By chance four newest are beyond six older or more once in 105, and beyond twelve in 910.
constexpr std::ptrdiff_t newest = 4;
constexpr std::ptrdiff_t fewest_older = 6;
constexpr double long_silence = 4;

/// Forgets what the newest durations contradict.
void notice_change(std::vector<double>& durations) {
  if (std::ssize(durations) < newest + fewest_older) return;
  const auto middle = durations.end() - newest;
  const auto [least_new, most_new] = std::minmax_element(middle, durations.end());
  const auto [least_old, most_old] = std::minmax_element(durations.begin(), middle);
  if (*least_new > *most_old || *most_new < *least_old) durations.erase(durations.begin(), middle);
}

double log_of(double duration) { return std::log(std::max(duration, 1e-300)); }

}  // namespace

void JobTimes::took(WorkerId worker, double duration) {
  std::vector<double>& durations = workers_[worker].durations;
  workers_[worker].silence = 0;
  if (durations.size() == remembered) durations.erase(durations.begin());
  durations.push_back(duration);
  notice_change(durations);
}

void JobTimes::silent(WorkerId worker, double age) {
  Worker& entry = workers_[worker];
  if (entry.durations.empty()) {
    entry.silence = std::max(entry.silence, age);
    return;
  }
  entry.silence = age;
  const double longest = *std::max_element(entry.durations.begin(), entry.durations.end());
  if (age > long_silence * longest) entry.durations.clear();
}

std::vector<double> JobTimes::scales() const {
  std::vector<double> means(workers_.size(), 0);
  double heard = 0, mean = 0, within = 0, freedom = 0, inverses = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const std::vector<double>& durations = workers_[i].durations;
    if (durations.empty()) continue;
    const auto count = static_cast<double>(durations.size());
    for (const double duration : durations) means[i] += log_of(duration) / count;
    for (const double duration : durations) {
      within += std::pow(log_of(duration) - means[i], 2);
    }
    freedom += count - 1;
    inverses += 1 / count;
    mean += means[i];
    ++heard;
  }
  std::vector<double> scales(workers_.size(), 1);
  if (heard == 0) return scales;
  mean /= heard;
  double between = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    if (!workers_[i].durations.empty()) between += std::pow(means[i] - mean, 2);
  }
  const double noise = freedom > 0 ? within / freedom : 0;
  const double real =
      heard > 1 ? std::max(0.0, between / (heard - 1) - noise * inverses / heard) : 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const auto count = static_cast<double>(workers_[i].durations.size());
    const double trust = count == 0 || real == 0 ? 0 : real / (real + noise / count);
    scales[i] = std::exp(mean + trust * (means[i] - mean));
  }
  return scales;
}

JobSamples JobTimes::samples() const {
  const std::vector<double> scale = scales();
  std::vector<double> pool;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    for (const double duration : workers_[i].durations) pool.push_back(duration / scale[i]);
  }
  std::sort(pool.begin(), pool.end());
  JobSamples samples(workers_.size());
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const Worker& worker = workers_[i];
    // Evenly over those of the pool that take longer than `at_least`.
    const auto borrow = [&](std::size_t count, double at_least) {
      const auto first = std::upper_bound(pool.begin(), pool.end(), at_least / scale[i]);
      const auto longer = static_cast<std::size_t>(pool.end() - first);
      for (std::size_t j = 0; j < count; ++j) {
        const auto place = static_cast<std::ptrdiff_t>((2 * j + 1) * longer / (2 * count));
        samples[i].push_back(longer == 0 ? at_least : scale[i] * first[place]);
      }
    };
    samples[i] = worker.durations;
    if (worker.silence > 0 && !worker.durations.empty()) {
      if (samples[i].size() == remembered) samples[i].erase(samples[i].begin());
      borrow(1, worker.silence);
    }
    borrow(remembered - samples[i].size(), worker.durations.empty() ? worker.silence : 0);
  }
  return samples;
}

nlohmann::json JobTimes::state() const {
  nlohmann::json workers = nlohmann::json::array();
  for (const Worker& worker : workers_) workers.push_back({worker.durations, worker.silence});
  return workers;
}

void JobTimes::restore(const nlohmann::json& state) {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    state.at(i).at(0).get_to(workers_[i].durations);
    state.at(i).at(1).get_to(workers_[i].silence);
  }
}

}  // namespace syncline
