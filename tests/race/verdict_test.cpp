#include "race/verdict.hpp"

#include <doctest/doctest.h>

namespace syncline {
namespace {

/// Runs of one policy with these times to target; a negative time is a miss.
Entrant entrant(const std::string& policy, const std::vector<double>& times) {
  Entrant runs;
  for (const double time : times) {
    RunResult run;
    run.policy = policy;
    run.workers = 8;
    run.updates = 100;
    run.elapsed = 50;
    if (time >= 0) run.target_time = time;
    runs.push_back(run);
  }
  return runs;
}

TEST_CASE("a policy that is faster on every seed by far wins") {
  const Verdict verdict =
      judge({entrant("sync", {100, 102, 98, 101, 99}), entrant("async", {50, 51, 49, 50, 52})},
            "10 % test error");
  CHECK(verdict.winner == "async");
  CHECK(verdict.runner_up == "sync");
  CHECK(verdict.difference->lower > 0);
  CHECK(verdict.text.find("async won") == 0);
  CHECK(verdict.text.find("times as fast as sync") != std::string::npos);
}

TEST_CASE("a lead that the seeds do not agree on names no winner") {
  const Verdict verdict =
      judge({entrant("sync", {100, 50, 100, 50, 100}), entrant("async", {50, 100, 50, 100, 90})},
            "10 % test error");
  CHECK_FALSE(verdict.winner.has_value());
  CHECK(verdict.leader == "async");
  CHECK(verdict.text.find("No winner") == 0);
}

TEST_CASE("four seeds, however clear, name no winner") {
  const Verdict verdict =
      judge({entrant("sync", {100, 100, 100, 101}), entrant("async", {50, 50, 50, 51})}, "x");
  CHECK_FALSE(verdict.winner.has_value());
  CHECK(verdict.text.find("5 seeds are needed") != std::string::npos);
}

TEST_CASE("a winner must beat every other one for certain, not only the runner-up") {
  const Verdict verdict =
      judge({entrant("sync", {100, 101, 99, 100, 100}), entrant("async", {90, 90, 90, 90, 90}),
             entrant("k-async(k=2)", {10, 10, 10, 10, 700})},
            "x");
  CHECK(verdict.leader == "async");
  CHECK_FALSE(verdict.winner.has_value());
}

TEST_CASE("a policy that is faster but misses the target on one seed leaves no certain winner") {
  const Verdict verdict = judge(
      {entrant("sync", {100, 101, 99, 100, 100}), entrant("async", {10, 10, 10, 10, -1})}, "x");
  CHECK(verdict.leader == "sync");
  CHECK_FALSE(verdict.winner.has_value());
}

TEST_CASE("a policy that misses the target on every seed loses by at least the rest of the race") {
  Entrant slow = entrant("sync", {-1, -1, -1, -1, -1});
  for (RunResult& run : slow) run.elapsed = 500;
  const Verdict verdict = judge({slow, entrant("async", {10, 11, 10, 12, 11})}, "x");
  CHECK(verdict.winner == "async");
  CHECK_FALSE(verdict.runner_up.has_value());
  CHECK(verdict.text.find("sync missed it") != std::string::npos);
}

TEST_CASE("a race that was interrupted has no verdict, whatever was measured") {
  const auto full = entrant("sync", {100, 101, 99, 100, 100});
  Verdict verdict = judge({full, entrant("async", {10, 10})}, "x");
  CHECK_FALSE(verdict.leader.has_value());
  CHECK(verdict.text.find("No verdict") == 0);
  Entrant broken_off = entrant("async", {10, 10, 10, 10, 10});
  broken_off.back().outcome = Outcome::interrupted;
  verdict = judge({full, broken_off}, "x");
  CHECK_FALSE(verdict.winner.has_value());
}

TEST_CASE("a race that nobody finishes says so") {
  const Verdict verdict = judge({entrant("sync", {-1}), entrant("async", {-1})}, "x");
  CHECK_FALSE(verdict.leader.has_value());
  CHECK(verdict.text.find("No policy reached") == 0);
}

}  // namespace
}  // namespace syncline
