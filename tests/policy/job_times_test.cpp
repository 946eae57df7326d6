// What `auto` takes for the law of each worker's job times.

#include "policy/automatic/job_times.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

std::vector<double> samples_of(const JobTimes& times, WorkerId worker) {
  return times.samples()[worker];
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST_CASE("job times that don't vary, workers that differ, are each worker's own") {
  JobTimes times(3);
  for (WorkerId worker = 0; worker < 3; ++worker) {
    for (int job = 0; job < 2; ++job) times.took(worker, 1 + 10 * worker);
  }
  const JobSamples samples = times.samples();
  for (WorkerId worker = 0; worker < 3; ++worker) {
    CHECK(samples[worker].size() == 16);
    for (const double duration : samples[worker]) {
      CHECK(duration == doctest::Approx(1 + 10 * worker).epsilon(1e-9));
    }
  }
}

TEST_CASE(
    "job times of workers that are alike, few of each, are pooled: means agree with the law") {
  std::vector<double> means, own_means;
  for (std::uint64_t run = 1; run <= 300; ++run) {
    JobTimes times(8);
    std::vector<double> own;
    for (WorkerId worker = 0; worker < 8; ++worker) {
      DrawStream draw(Stream::delay, {run, worker, 0});
      for (int job = 0; job < 3; ++job) {
        const double duration = draw.exponential();
        if (worker == 0) own.push_back(duration);
        times.took(worker, duration);
      }
    }
    means.push_back(mean_of(times.samples()[0]));
    own_means.push_back(mean_of(own));
  }
  const Summary pooled = summarise(means);
  CHECK(std::abs(pooled.mean - 1) < 0.05 + 4.5 * pooled.standard_error);
  CHECK(pooled.standard_error < 0.7 * summarise(own_means).standard_error);
}

TEST_CASE("a worker that has never answered takes at least as long as it has been silent") {
  JobTimes times(3);
  for (int job = 0; job < 5; ++job) {
    times.took(0, 1 + job);
    times.took(1, 1 + job);
  }
  times.silent(2, 3.5);
  for (const double duration : samples_of(times, 2)) CHECK(duration > 3.5);
  times.silent(2, 20);
  times.silent(2, 2);
  for (const double duration : samples_of(times, 2)) CHECK(duration == 20);
}

TEST_CASE("a job that was cut off counts as one of those that took longer") {
  JobTimes times(2);
  for (int job = 1; job <= 8; ++job) {
    times.took(0, job);
    times.took(1, job);
  }
  const auto before = times.samples()[0];
  times.silent(0, 6.5);
  const auto after = times.samples()[0];
  const auto above = [](const std::vector<double>& values) {
    return std::count_if(values.begin(), values.end(), [](double value) { return value > 6.5; });
  };
  CHECK(after[8] > 6.5);
  CHECK(above(after) == above(before) + 1);
}

TEST_CASE("a worker whose newest jobs all take longer, or that falls silent, has changed") {
  JobTimes times(2);
  for (int job = 0; job < 12; ++job) {
    times.took(0, 1 + 0.01 * job);
    times.took(1, 1 + 0.01 * job);
  }
  CHECK(mean_of(times.samples()[0]) < 1.2);
  for (int job = 0; job < 3; ++job) times.took(0, 9);
  CHECK(mean_of(times.samples()[0]) < 4);
  times.took(0, 9);
  CHECK(mean_of(times.samples()[0]) == doctest::Approx(9).epsilon(0.05));
  times.silent(1, 5);
  for (const double duration : samples_of(times, 1)) CHECK(duration >= 5);
}

TEST_CASE("job times, from their state, are the same; durations of 0 and none at all are fine") {
  JobTimes times(3);
  times.silent(1, 4);
  for (const auto& samples : times.samples()) {
    CHECK(std::all_of(samples.begin(), samples.end(),
                      [](double duration) { return std::isfinite(duration); }));
  }
  times.took(0, 0);
  times.took(0, 2);
  times.took(2, 0);
  JobTimes other(3);
  other.restore(nlohmann::json::parse(times.state().dump()));
  CHECK(other.state() == times.state());
  CHECK(other.samples() == times.samples());
  for (const auto& samples : times.samples()) {
    CHECK(samples.size() == 16);
    CHECK(std::all_of(samples.begin(), samples.end(),
                      [](double duration) { return std::isfinite(duration) && duration >= 0; }));
  }
}

}  // namespace
}  // namespace syncline
