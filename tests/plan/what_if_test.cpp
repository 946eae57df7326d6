// Replaying recorded times: under the policy that recorded them the same run comes out, exactly.

#include "plan/what_if.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "plan/recorded_times.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

PlannedFleet recorded(const std::string& policy, const std::string& delay, std::uint32_t workers,
                      std::uint64_t updates, std::uint64_t seed, nlohmann::ordered_json& run) {
  const testing::TemporaryFolder folder;
  SimulationConfig simulation;
  simulation.policy = policy;
  simulation.fleet.workers = workers;
  simulation.fleet.delay = delay;
  simulation.updates = updates;
  simulation.seed = seed;
  simulation.include_startup = true;
  simulation.log = folder / "run.jsonl";
  run = simulate(simulation, {});
  PlanConfig config;
  config.timings = simulation.log;
  return planned_fleet(config);
}

TEST_CASE("what-if under the recorded policy is the recorded run") {
  rc::check([] {
    const auto policy = *rc::gen::element<std::string>(
        "sync", "k-sync(k=3)", "k-batch-sync(k=5)", "k-async(k=2)", "k-batch-async(k=3)", "async");
    const auto delay = *rc::gen::element<std::string>(
        "exponential(rate=1)", "3*lognormal(mu=0, sigma=0.5),2*uniform(low=1, high=4)");
    nlohmann::ordered_json run;
    const PlannedFleet fleet = recorded(policy, delay, 5, 60, *rc::gen::inRange(1, 1000), run);
    const auto replay = what_if({policy}, fleet, 1).front();
    RC_ASSERT(replay.at("updates") == 60);
    // Durations are differences of logged instants, so they carry a rounding error.
    const double elapsed = run.at("elapsed");
    RC_ASSERT(std::abs(replay.at("time").get<double>() - elapsed) <= 1e-9 * elapsed);
    RC_ASSERT(std::abs(replay.at("staleness").get<double>() -
                       run.at("staleness").at("mean").get<double>()) < 1e-9);
  });
}

TEST_CASE("what-if under other policies keeps their order: K-batch-sync never slower than K-sync") {
  nlohmann::ordered_json run;
  const PlannedFleet fleet = recorded("sync", "exponential(rate=1)", 6, 100, 3, run);
  const auto results = what_if({"k-sync(k=4)", "k-batch-sync(k=4)", "async"}, fleet, 1);
  REQUIRE(results.size() == 3);
  for (const auto& result : results) {
    CHECK(result.at("gradients").get<double>() >= 600);
    CHECK(result.at("recorded_share").get<double>() > 0);
    CHECK(result.at("recorded_share").get<double>() <= 1);
  }
  CHECK(results[1].at("time") <= results[0].at("time"));
  CHECK(results[2].at("time") < run.at("elapsed"));
  CHECK_THROWS_AS(check_replayed("adasync", fleet), ConfigError);
}

TEST_CASE("recorded times, a cancelled job, last at least as long as they had run") {
  Timings timings;
  timings.workers = 1;
  timings.jobs = {{0, 0, 2.5, false}, {0, 2.5, 1.5, true}};
  const RecordedTimes law(timings, DelayProfile::parse("exponential(rate=1)", 1), 0);
  CHECK(law.sample({1, 0, 0}) == 2.5);
  for (std::uint64_t seed = 0; seed < 200; ++seed) CHECK(law.sample({seed, 0, 1}) >= 1.5);
  CHECK(law.sample({1, 0, 2}) == make_delay_law("exponential(rate=1)")->sample({1, 0, 2}));
}

}  // namespace
}  // namespace syncline
