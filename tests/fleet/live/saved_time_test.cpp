// What a cancelled job is said to have saved.

#include "fleet/training/saved_time.hpp"

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

TEST_CASE("what is saved is what the worker's median job takes beyond what this one had") {
  SavedTime saved(2);
  for (const double seconds : {2.0, 9.0, 3.0}) saved.arrived(job_of(0, 0, 1), 1 + seconds);
  saved.cancelled(job_of(0, 3, 10), 10.5);
  CHECK(saved.of({11, 0, 3, 0, 1}) == 2.0);
  CHECK(saved.of({14, 0, 3, 0, 1}) == 0.0);  // it has taken longer than usual
  saved.cancelled(job_of(0, 4, 20, 4), 21);
  CHECK(saved.of({22, 0, 4, 1, 4}) == 10.0);  // four gradients of 3 s each, less 2 s
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
