// Virtual time itself: timers, slowness, and states that are saved and read back.

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/simulation_support.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "support/made_up_scalars.hpp"
#include "support/policy_samples.hpp"
#include "support/scripted_policy.hpp"
#include "support/transcript.hpp"

namespace syncline {
namespace {

TEST_CASE("a timer, armed again whenever it fires, fires that much later each time") {
  std::vector<double> times;
  testing::Script script;
  script.begin = [](const Begin&, Actions& actions) {
    actions.send(0);
    actions.park(1);
    actions.arm(3, 0.75);
  };
  script.timer_fired = [&](const TimerFired& event, Actions& actions) {
    CHECK(event.timer == 3);
    times.push_back(event.time);
    actions.arm(3, 0.75);
  };
  FleetConfig fleet;
  fleet.workers = 2;
  fleet.delay = "constant(value=1)";
  VirtualFleet run(Host(std::make_unique<testing::ScriptedPolicy>(script), "timers", 2),
                   VirtualClock(std::make_shared<const FleetTiming>(fleet, 0), 1));
  run.begin();
  while (run.now() < 4) run.advance();
  // At time 3 the worker and the timer are both due; the worker goes first.
  CHECK(times == std::vector<double>{0.75, 1.5, 2.25, 3, 3.75});
  CHECK(run.host().version() == 4);
}

TEST_CASE("a timer, disarmed before its time, never fires") {
  testing::Script script;
  script.begin = [](const Begin&, Actions& actions) {
    actions.send_all_parked();
    actions.arm(1, 1.5);
  };
  script.stepped = [](const Stepped&, Actions& actions) { actions.disarm(1); };
  script.timer_fired = [](const TimerFired&, Actions&) { FAIL("it fired"); };
  FleetConfig fleet;
  fleet.workers = 1;
  fleet.delay = "constant(value=1)";
  VirtualFleet run(Host(std::make_unique<testing::ScriptedPolicy>(script), "timers", 1),
                   VirtualClock(std::make_shared<const FleetTiming>(fleet, 0), 1));
  run.begin();
  while (run.host().version() < 5) run.advance();
  CHECK(run.now() == 5);
}

TEST_CASE("slowness of factor 1, any fleet, changes no bit") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    FleetConfig fleet = testing::random_fleet();
    const std::string policy = testing::random_variant(fleet.workers).text();
    const auto plain = testing::texts(testing::record(policy, fleet, seed, 30).updates);
    fleet.slowness = "markov(mean_normal=1, mean_slow=2, factor=1)";
    RC_ASSERT(testing::texts(testing::record(policy, fleet, seed, 30).updates) == plain);
  }));
}

TEST_CASE("slowness, any fleet and policy, stretches each job along its worker's own path") {
  CHECK(rc::check("path of (seed, worker)", [](std::uint64_t seed) {
    FleetConfig fleet = testing::random_fleet();
    fleet.slowness = "markov(mean_normal=3, mean_slow=1, factor=4)";
    const auto slowness = *Slowness::parse(fleet.slowness);
    const auto profile = DelayProfile::parse(fleet.delay, fleet.workers);
    std::vector<SlownessPath> paths;
    for (WorkerId worker = 0; worker < fleet.workers; ++worker) {
      paths.emplace_back(slowness, seed, worker);
    }
    const std::string policy = testing::random_variant(fleet.workers).text();
    for (const auto& [job, time] : testing::record(policy, fleet, seed, 30).deliveries) {
      const double work = profile.law(job.worker).sample({seed, job.worker, job.job});
      RC_ASSERT(time == paths[job.worker].finish(job.start, work));
      RC_ASSERT(time >= job.start + work);
    }
  }));
}

TEST_CASE("slowness, a long async run, divides the rate by the mean speed") {
  FleetConfig fleet;
  fleet.workers = 4;
  fleet.delay = "exponential(rate=5)";
  fleet.slowness = "markov(mean_normal=4, mean_slow=2, factor=4)";
  // Work per unit of time: (4 + 2 / 4) / 6 of the normal rate of 4 * 5 pushes.
  const double expected = 20 * 4.5 / 6;
  std::vector<double> rates;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const auto recording = testing::record("async", fleet, seed, 20000);
    // All start in the normal state; a fifth of the run is left out for that.
    const double from = recording.updates[4000].time;
    rates.push_back(15999 / (recording.elapsed - from));
  }
  const Summary summary = summarise(rates);
  CHECK(std::abs(summary.mean - expected) <= testing::allowed_errors * summary.standard_error);
}

TEST_CASE("a virtual fleet, saved and read back at a random point, continues alike") {
  CHECK(rc::check("host and clock from their JSON", [](std::uint64_t seed) {
    const auto& policy = *rc::gen::elementOf(testing::sample_policies());
    FleetConfig config = testing::random_fleet();
    config.workers = 6;
    config.delay = testing::random_law();
    config.latency = *rc::gen::inRange(0, 3) / 4.0;
    config.server_bandwidth = *rc::gen::inRange(0, 3) * 40.0;
    config.restart_cost = *rc::gen::inRange(0, 2) / 4.0;
    if (*rc::gen::arbitrary<bool>())
      config.slowness = "markov(mean_normal=2, mean_slow=1, factor=3)";
    const auto timing = std::make_shared<const FleetTiming>(config, 10);
    PolicyContext context;
    context.workers = 6;
    testing::MadeUpScalars scalars;
    const auto fresh = [&] {
      VirtualFleet fleet(Host(make_policy(policy, context), policy, 6), VirtualClock(timing, seed));
      fleet.host().set_scalar_source(&scalars);
      return fleet;
    };
    const auto drive = [](VirtualFleet& fleet, int events) {
      for (int i = 0; i < events; ++i) {
        while (fleet.host().due_measurement() != nullptr) fleet.deliver(1 / (1 + fleet.now()));
        fleet.advance();
      }
    };
    VirtualFleet original = fresh();
    original.begin();
    drive(original, *rc::gen::inRange(0, 60));
    VirtualFleet copy = original;
    copy.host().set_scalar_source(&scalars);
    VirtualFleet restored = fresh();
    restored.host().restore(nlohmann::json::parse(original.host().state().dump()));
    restored.clock().restore(nlohmann::json::parse(original.clock().state().dump()));

    std::vector<std::vector<std::string>> rest;
    for (VirtualFleet* fleet : {&original, &copy, &restored}) {
      testing::Transcript transcript;
      fleet->host().add_observer(&transcript);
      drive(*fleet, 30);
      rest.push_back(transcript.lines());
      rest.back().push_back(nlohmann::json(fleet->now()).dump());
    }
    RC_ASSERT(rest[1] == rest[0]);
    RC_ASSERT(rest[2] == rest[0]);
  }));
}

}  // namespace
}  // namespace syncline
