// Servers whose parameters are at shards, in simulated time.

#include <algorithm>

#include <doctest/doctest.h>

#include "fleet/monkey/simulated_cluster.hpp"
#include "support/temporary_folder.hpp"

namespace syncline::testing {
namespace {

using Kind = Fault::Kind;

using Seconds = SimulatedNetwork::Seconds;

constexpr SimulatedNetwork::Process server = 0, first_worker = 1, first_shard = 3;

Scenario small_sharded_scenario(const std::string& policy, Monkey monkey,
                                std::uint32_t workers = first_shard - first_worker) {
  Scenario scenario = small_scenario(policy, workers, std::move(monkey));
  put_at_shards(scenario, 2);
  scenario.config.durability = RunConfig().durability;
  scenario.config.checkpoint_every = 0;
  scenario.most_lost = 1;
  scenario.config.optimizer.clip = 0.5;
  return scenario;
}

/// One fault in a run that goes on for ten seconds.
Played play_with(const Fault& fault, const TemporaryFolder& folder) {
  Scenario scenario = small_sharded_scenario("k-async(k=2)", planned_monkey(400, fault));
  scenario.gradients.assign(2, Seconds(0.5));
  scenario.config.stop.updates = 20;
  return play(scenario, folder / "run");
}

bool told(const Played& played, const std::string& what) {
  return std::any_of(played.story.begin(), played.story.end(),
                     [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

TEST_CASE("a quiet run with shards ends by itself, and its log replays without them") {
  const TemporaryFolder folder;
  for (const char* policy : {"k-sync(k=1)", "k-async(k=2)", "ringleader"}) {
    CAPTURE(policy);
    const Played quiet = play(small_sharded_scenario(policy, idle_monkey()), folder / "run");
    CHECK(quiet.all_violations() == "");
    CHECK(quiet.ends == 0);
    CHECK(quiet.downs == 0);
    CHECK(quiet.account.lost == 0);
  }
}

TEST_CASE("a shard that dies ends the run at once by its name; resumed, it ends as it should") {
  const TemporaryFolder folder;
  for (const Kind kind : {Kind::kill, Kind::cut}) {
    const Played played = play_with({kind, first_shard + 1, Seconds(3)}, folder);
    CHECK(played.all_violations() == "");
    CHECK(played.ends == 1);
    CHECK(told(played, "the server ends: shard 1 at 4: it is gone"));
  }
}

TEST_CASE(
    "a shard whose machine dies, or that is stopped, is missed for as long as patience lasts") {
  const TemporaryFolder folder;
  for (const Kind kind : {Kind::vanish, Kind::stop}) {
    const Played played = play_with({kind, first_shard, Seconds(30)}, folder);
    CHECK(played.all_violations() == "");
    CHECK(played.ends == 1);
    CHECK(told(played, "the server ends: shard 0 at 3: it has given no sign of life for 6 s"));
  }
  // Shorter than that.
  const Played played = play_with({Kind::stop, first_shard, Seconds(4)}, folder);
  CHECK(played.all_violations() == "");
  CHECK(played.ends == 0);
}

TEST_CASE("shards wait for a server that is stopped, and take part with the next if it is dead") {
  const TemporaryFolder folder;
  const Played stopped = play_with({Kind::stop, server, Seconds(30)}, folder);
  CHECK(stopped.all_violations() == "");
  CHECK(stopped.ends == 0);
  CHECK(stopped.crashes == 0);
  for (const Kind kind : {Kind::kill, Kind::vanish}) {
    const Played dead = play_with({kind, server, Seconds(0.1)}, folder);
    CHECK(dead.all_violations() == "");
    CHECK(dead.crashes == 1);
    CHECK(dead.ends == 0);
    CHECK(told(dead, "shard process 3: the coordinator is gone"));
  }
}

TEST_CASE("each process of a run with shards killed, stopped, delayed: at each step") {
  const TemporaryFolder folder;
  const auto small = [](Monkey monkey) {
    Scenario scenario = small_sharded_scenario("async", std::move(monkey), 1);
    scenario.config.stop.updates = scenario.most_lost = 2;
    scenario.config.checkpoint_every = 1e9;
    return scenario;
  };
  const Played quiet = play(small(idle_monkey()), folder / "run");
  REQUIRE(quiet.violations.empty());
  for (std::uint64_t step = 0; step < quiet.steps; ++step) {
    for (const auto process : {server, first_worker, first_worker + 1}) {
      for (const Kind kind : {Kind::kill, Kind::stop, Kind::delay}) {
        // A message's delay is the same, whichever process is meant.
        if (kind == Kind::delay && process != server) continue;
        const Fault fault = {kind, process, Seconds(1)};
        const std::string what =
            play(small(planned_monkey(step, fault)), folder / "run").all_violations();
        CAPTURE(step);
        const std::string fault_text = fault.text();
        CAPTURE(fault_text);
        CHECK(what == "");
        if (!what.empty()) return;
      }
    }
  }
}

}  // namespace
}  // namespace syncline::testing
