// Each process killed, stopped, slowed down and delayed at each step of a small run, and random
// runs: the real server and workers in simulated time.

#include <doctest/doctest.h>

#include "fleet/monkey/simulated_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

using Kind = Fault::Kind;

TEST_CASE("each process killed, stopped, slow at each step: nothing hangs, nothing is lost") {
  const TemporaryFolder folder;
  for (const char* policy : {"k-sync(k=1)", "k-async(k=2)"}) {
    CAPTURE(policy);
    const Played quiet = play(small_scenario(policy, 2, idle_monkey()), folder / "run");
    REQUIRE(quiet.violations.empty());
    // The steps after the run's last update are those of its end.
    for (std::uint64_t step = 0; step < quiet.steps; ++step) {
      for (const SimulatedNetwork::Process process : {0U, 1U, 2U}) {
        for (const Kind kind : {Kind::kill, Kind::vanish, Kind::stop, Kind::slow, Kind::delay}) {
          // A message's delay is the same, whichever process is meant.
          if (kind == Kind::delay && process != 0) continue;
          const Fault fault = {kind, process, SimulatedNetwork::Seconds(1), 20};
          const Scenario scenario = small_scenario(policy, 2, planned_monkey(step, fault));
          const std::string what = play(scenario, folder / "run").all_violations();
          CAPTURE(step);
          const std::string fault_text = fault.text();
          CAPTURE(fault_text);
          CHECK(what.empty());
          if (!what.empty()) return;
        }
      }
    }
  }
}

TEST_CASE("random scenarios keep all promises, and go twice the same way") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const Scenario scenario = random_scenario(seed);
    const Played played = play(scenario, folder / "run");
    CHECK(played.all_violations() == "");
    const std::string log = read_file(folder / "run" / "log");
    // The monkey has a state of its own.
    const Played again = play(random_scenario(seed), folder / "run");
    CHECK(again.digest == played.digest);
    CHECK(again.story == played.story);
    CHECK(read_file(folder / "run" / "log") == log);
  }
}

TEST_CASE("a monkey that does something is seen to: faults happen, processes die, jobs are lost") {
  const TemporaryFolder folder;
  std::uint64_t faults = 0, crashes = 0, ends = 0, downs = 0, lost = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Played played = play(random_scenario(seed), folder / "run");
    faults += played.faults;
    crashes += played.crashes;
    ends += played.ends;
    downs += played.downs;
    lost += played.account.lost;
  }
  CHECK(faults > 100);
  CHECK(crashes > 2);
  CHECK(ends > 2);
  CHECK(downs > 20);
  CHECK(lost > 20);
}

}  // namespace
}  // namespace syncline::testing
