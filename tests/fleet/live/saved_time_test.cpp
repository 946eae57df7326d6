// What a cancelled job is said to have saved.

#include "fleet/training/saved_time.hpp"

#include <cmath>
#include <random>

#include <doctest/doctest.h>

namespace syncline {
namespace {

Job job_of(WorkerId worker, std::uint64_t number, double start, std::uint32_t gradients = 1) {
  Job job;
  job.worker = worker;
  job.job = number;
  job.start = start;
  job.work.gradients = gradients;
  return job;
}

TEST_CASE("what is saved is what a job takes the worker beyond what this one had") {
  SavedTime saved(2);
  for (const double seconds : {2.0, 4.0, 3.0}) saved.arrived(job_of(0, 0, 1), 1 + seconds);
  saved.cancelled(job_of(0, 3, 10), 10);
  CHECK(saved.of({11, 0, 3, 0, 1}) == 2.0);
  CHECK(saved.of({14, 0, 3, 0, 1}) == 0.0);  // it has taken longer than usual
  saved.cancelled(job_of(0, 4, 20, 4), 20);
  CHECK(saved.of({22, 0, 4, 1, 4}) == 10.0);  // four gradients of 3 s each, less 2 s
}

TEST_CASE("of a worker whose long jobs are cancelled, the few short ones do not say how long") {
  // Times of 1 s in the mean, of which only those below 0.1 s end.
  SavedTime saved(1);
  std::mt19937_64 random(2003);
  std::exponential_distribution<double> law(1);
  double sum = 0, squares = 0;
  constexpr int estimates = 4000;
  for (int i = 0; i < estimates; ++i) {
    for (int job = 0; job < 300; ++job) {
      const double seconds = law(random);
      if (seconds < 0.1) {
        saved.arrived(job_of(0, 0, 0), seconds);
      } else {
        saved.cancelled(job_of(0, 1, 0), 0.1);
      }
    }
    saved.cancelled(job_of(0, 2, 0), 0);
    const auto estimate = saved.of({0, 0, 2, 0, 1});
    if (!estimate) continue;  // none of the last ones has ended
    sum += 1 / *estimate;
    squares += 1 / (*estimate * *estimate);
  }
  // What is nearly unbiased is the rate, ends over time: of 29 jobs it is by
  // -Cov(ends, time) / (29 E[time]^2) + Var(time) / (29 E[time]^2) = 0.018 too large.
  const double mean = sum / estimates;
  const double error = std::sqrt((squares / estimates - mean * mean) / estimates);
  CHECK(std::abs(mean - 1) < 4 * error + 0.02);
}

TEST_CASE("a worker that never ends a job is judged by its micro-batches, or by the others") {
  SavedTime saved(2);
  saved.cancelled(job_of(1, 0, 5), 6);
  CHECK_FALSE(saved.of({7, 1, 0, 0, 8}));
  CHECK(saved.of({7, 1, 0, 2, 8}) == 6.0);
  saved.arrived(job_of(0, 0, 0), 3);
  CHECK(saved.of({7, 1, 0, 0, 8}) == 1.0);
  CHECK(saved.of({7, 1, 0, 2, 8}) == 6.0);
}

TEST_CASE("of a job whose begin is not known nothing is said") {
  SavedTime saved(1);
  saved.arrived(job_of(0, 0, 0), 3);
  CHECK_FALSE(saved.of({7, 0, 1, 0, 8}));
  saved.cancelled(job_of(0, 1, 5), 6);
  CHECK_FALSE(saved.of({7, 0, 2, 0, 8}));
}

}  // namespace
}  // namespace syncline
