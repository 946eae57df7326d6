// The server dies in the midst of each of its writes: it goes on from what is on the disk.

#include <string>

#include <doctest/doctest.h>

#include "fleet/monkey/simulated_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

constexpr std::uint64_t most_writes = 1000;

struct Torn {
  std::uint64_t deaths = 0;
  std::string violations;
};

/// A death in each write of a run, with and without the machine.
Torn tear_everywhere(const Scenario& scenario, const TemporaryFolder& folder) {
  Torn torn;
  for (std::uint64_t write = 1; write < most_writes; ++write) {
    bool struck = false;
    for (const bool machine_gone : {false, true}) {
      // What is left of the write is drawn.
      for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        Fault fault;
        fault.kind = Fault::Kind::tear;
        fault.write = write;
        fault.machine_gone = machine_gone;
        Scenario each = scenario;
        each.network.seed = seed;
        each.monkey = planned_monkey(0, fault);
        const Played played = play(each, folder / "run");
        struck |= played.crashes > 0;
        torn.deaths += played.crashes;
        for (const std::string& what : played.violations) {
          torn.violations += fault.text() + ", seed " + std::to_string(seed) + ": " + what + "\n";
        }
      }
    }
    if (!struck) break;
  }
  return torn;
}

TEST_CASE("a death within any write loses no update with durability every-update") {
  const TemporaryFolder folder;
  for (const double every : {0.0, 1e9}) {
    CAPTURE(every);
    Scenario scenario = small_scenario("k-async(k=2)", 2, {});
    scenario.config.checkpoint_every = every;
    const Torn torn = tear_everywhere(scenario, folder);
    CHECK(torn.violations == "");
    // The first checkpoint and the last, and six updates.
    CHECK(torn.deaths > 4 * 15);
  }
}

TEST_CASE("a death within any write loses no more updates than durability allows") {
  const TemporaryFolder folder;
  Scenario scenario = small_scenario("k-async(k=2)", 2, {});
  scenario.config.durability = "2";
  scenario.most_lost = 2;
  CHECK(tear_everywhere(scenario, folder).violations == "");
  // Each update has a checkpoint, and one may be on its way.
  scenario.config.durability = "checkpoint";
  scenario.config.checkpoint_every = 0;
  scenario.most_lost = 1;
  CHECK(tear_everywhere(scenario, folder).violations == "");
}

}  // namespace
}  // namespace syncline::testing
