// Processes that are slow for a time: behind, but neither dead nor without something.

#include <doctest/doctest.h>

#include "fleet/monkey/simulated_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

using Kind = Fault::Kind;
using Seconds = SimulatedNetwork::Seconds;

/// A run in which one process is slow from its first steps on.
Played play_with_slow(SimulatedNetwork::Process process, double factor,
                      const TemporaryFolder& folder) {
  const Fault fault = {Kind::slow, process, Seconds(100), factor};
  Scenario scenario = small_scenario("k-sync(k=2)", 2, planned_monkey(12, fault));
  scenario.network.step = Seconds(0.01);
  scenario.gradients.assign(2, Seconds(0.1));
  return play(scenario, folder / "run");
}

/// Nothing is lost and nobody down where a process takes 50 times as long; returns the seconds that
/// the run takes without that and with it.
std::pair<double, double> play_usual_and_slow(SimulatedNetwork::Process process) {
  const TemporaryFolder folder;
  const Played usual = play_with_slow(process, 1, folder);
  const Played slow = play_with_slow(process, 50, folder);
  CHECK(slow.faults == 1);
  CHECK(slow.all_violations() == "");
  CHECK(slow.downs == 0);
  CHECK(slow.account.lost == 0);
  CHECK(slow.account.applied == usual.account.applied);
  return {usual.virtual_seconds, slow.virtual_seconds};
}

TEST_CASE("a gradient that takes 50 times as long is a straggler: waited for, and nobody is down") {
  const auto [usual, slow] = play_usual_and_slow(1);
  // Gradients of seconds, much longer than three heartbeats.
  CHECK(slow > 10 * usual);
  CHECK(slow > 10);
}

TEST_CASE("a server whose steps take 50 times as long falls behind, and misses nothing") {
  const auto [usual, slow] = play_usual_and_slow(0);
  CHECK(slow > 3 * usual);
}

TEST_CASE("a worker whose hello waits for a slow server is let in, and not taken for silent") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    const Fault fault = {Kind::slow, 0, Seconds(100), 50};
    Scenario scenario = small_scenario("k-sync(k=2)", 3, planned_monkey(0, fault));
    scenario.network.seed = seed;
    scenario.network.step = Seconds(0.02);
    const Played played = play(scenario, folder / "run");
    CHECK(played.all_violations() == "");
    CHECK(played.downs == 0);
  }
}

TEST_CASE("work takes longer as long as its process is slow, and no longer") {
  SimulatedNetwork network({});
  CHECK(network.takes(1, Seconds(2)).count() == 2);
  network.slow(1, 4, Seconds(10));
  CHECK(network.takes(1, Seconds(2)).count() == doctest::Approx(8));
  CHECK(network.takes(1, Seconds(5)).count() == doctest::Approx(12.5));
  CHECK(network.takes(0, Seconds(2)).count() == 2);
  network.end(1, false);
  CHECK(network.takes(1, Seconds(2)).count() == 2);
}

}  // namespace
}  // namespace syncline::testing
