#include "top/verdict.hpp"

#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "top/pictures.hpp"
#include "top/wait.hpp"

namespace syncline {
namespace {

using testing::even_fleet;
using State = WorkerPicture::State;

TEST_CASE("slow: above the fleet's median by six times the spread, and by a tenth") {
  RunPicture picture = even_fleet(7);
  const double medians[] = {0.9, 0.95, 1.0, 1.0, 1.0, 1.05, 1.1};
  for (std::size_t i = 0; i < 7; ++i) picture.workers[i].median = medians[i];
  for (const Pace& pace : paces(picture)) CHECK(pace.verdict == Verdict::fine);
  // M = 1, MAD = 0.05: the border is at 1.3.
  picture.workers[6].median = 1.29;
  CHECK(paces(picture)[6].verdict == Verdict::fine);
  picture.workers[6].median = 1.31;
  CHECK(paces(picture)[6].verdict == Verdict::slow);
  CHECK(paces(picture)[6].ratio == doctest::Approx(1.31));
  CHECK(to_text(paces(picture)[6]) == "slow 1.3x");
  CHECK(paces(picture)[5].verdict == Verdict::fine);
}

TEST_CASE("slow: where all others are equal, a tenth more is the border") {
  RunPicture picture = even_fleet(5);
  picture.workers[2].median = 1.09;
  CHECK(paces(picture)[2].verdict == Verdict::fine);
  picture.workers[2].median = 1.11;
  CHECK(paces(picture)[2].verdict == Verdict::slow);
}

TEST_CASE("slow: a worker that is never done, and one of whom too little is known") {
  RunPicture picture = even_fleet(5);
  picture.workers[0].steps = 0;
  picture.workers[0].unfinished = 9;
  picture.workers[0].median = picture.workers[0].p95 = std::numeric_limits<double>::infinity();
  picture.workers[1].steps = 4;
  picture.workers[1].median = 50;
  const auto pace = paces(picture);
  CHECK(pace[0].verdict == Verdict::slow);
  CHECK(to_text(pace[0]) == "slow");
  CHECK(pace[1].verdict == Verdict::unknown);
  CHECK(to_text(pace[1]) == "");
  CHECK(pace[2].verdict == Verdict::fine);
}

TEST_CASE("slow workers are exceptions: of two kinds in equal parts none is called so") {
  RunPicture picture = even_fleet(8);
  for (std::size_t i = 4; i < 8; ++i) picture.workers[i].median = 3;
  for (const Pace& pace : paces(picture)) CHECK(pace.verdict == Verdict::fine);
  for (RunPicture none : {RunPicture(), even_fleet(1), even_fleet(2)}) {
    for (const Pace& pace : paces(none)) CHECK(pace.verdict != Verdict::slow);
  }
}

TEST_CASE("late: the present job is older than three times the worker's own 95 % quantile") {
  RunPicture picture = even_fleet(3);
  picture.workers[0].since = 10 - 3.7;
  picture.workers[1].since = 10 - 3.8;
  CHECK(paces(picture)[0].verdict == Verdict::fine);
  CHECK(paces(picture)[1].verdict == Verdict::late);
  // Only jobs can be late.
  for (const State state : {State::parked, State::down, State::unknown}) {
    picture.workers[1].state = state;
    CHECK(paces(picture)[1].verdict == Verdict::fine);
  }
  // Of a new worker, the others say how long jobs take.
  picture.workers[2].steps = 0;
  picture.workers[2].median = picture.workers[2].p95 = std::nan("");
  CHECK(paces(picture)[2].verdict == Verdict::unknown);
  picture.workers[2].since = 0;
  CHECK(paces(picture)[2].verdict == Verdict::late);
}

TEST_CASE("verdicts do not depend on the unit of time, nor on the order of the workers") {
  CHECK(rc::check("scaled and turned round", [] {
    RunPicture picture = even_fleet(*rc::gen::inRange<std::size_t>(1, 20));
    for (WorkerPicture& worker : picture.workers) {
      worker.median = *rc::gen::inRange(1, 1000);
      worker.p95 = worker.median * *rc::gen::inRange(1, 4);
      worker.steps = *rc::gen::inRange<std::uint64_t>(0, 12);
    }
    RunPicture other = picture;
    std::reverse(other.workers.begin(), other.workers.end());
    other.time *= 1024;
    for (WorkerPicture& worker : other.workers) {
      worker.median *= 1024, worker.p95 *= 1024, worker.since *= 1024;
    }
    const auto one = paces(picture);
    auto two = paces(other);
    std::reverse(two.begin(), two.end());
    for (std::size_t i = 0; i < one.size(); ++i) RC_ASSERT(one[i].verdict == two[i].verdict);
  }));
}

TEST_CASE("what a step waits for: payloads that are counted, workers, or the dead") {
  RunPicture picture = even_fleet(4);
  picture.workers[1].state = picture.workers[3].state = State::parked;
  picture.workers[0].read = 7;
  picture.account.held = 1;
  Wait wait = wait_of(picture);
  CHECK(to_text(wait) == "1 of 4 gradients are there, the next may come from 0 2");
  CHECK(why_parked(wait) == "for 3 more of 4");
  // Not a matter of numbers: the workers behind are waited for.
  picture.k = 1;
  picture.account.held = 0;
  picture.workers[2].read = 3;
  wait = wait_of(picture);
  CHECK(why_parked(wait) == "for 2 0");
  CHECK(to_text(wait) == "the next may come from 2 0");
  picture.workers[0].state = picture.workers[2].state = State::down;
  wait = wait_of(picture);
  CHECK(why_parked(wait) == "for 0 2, down");
  CHECK(to_text(wait) == "nobody computes, and these are down: 0 2");
  // Many are counted, not named.
  CHECK(to_text(wait_of(even_fleet(20))) ==
        "0 of 4 gradients are there, the next may come from 0 1 2 3 4 5 6 7 and 12 more");
}

}  // namespace
}  // namespace syncline
