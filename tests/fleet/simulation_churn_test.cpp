// Workers that die and come back in virtual time.

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/simulation_support.hpp"
#include "fleet/virtual/comings_and_goings.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "support/policy_samples.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::texts;

FleetConfig mortal_fleet() {
  FleetConfig fleet = testing::random_fleet();
  fleet.lifetime = "exponential(rate=" + std::to_string(1.0 / *rc::gen::inRange(1, 30)) + ")";
  fleet.absence = *rc::gen::element<std::string>("exponential(rate=0.5)", "constant(value=1.5)");
  return fleet;
}

TEST_CASE("async with lives and absences makes as many updates as renewal theory says") {
  // A life of exponential length, rate d, has room for floor(life / c) jobs of length c, on average
  // q / (1 - q), q = exp(-d c); a life and an absence follow each other.
  const double c = 1, mean_life = 5, mean_absence = 3;
  FleetConfig fleet;
  fleet.workers = 4;
  fleet.delay = "constant(value=1)";
  fleet.lifetime = "exponential(rate=0.2)";
  fleet.absence = "gamma(shape=2, scale=1.5)";
  const double q = std::exp(-c / mean_life);
  const double rate = fleet.workers * q / (1 - q) / (mean_life + mean_absence);
  std::vector<double> rates;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    const auto recording = record("async", fleet, seed, 4000);
    rates.push_back(static_cast<double>(recording.updates.size()) / recording.elapsed);
    CHECK(recording.account.lost > 0);
  }
  const Summary summary = summarise(rates);
  CHECK(std::abs(summary.mean - rate) < testing::allowed_errors * summary.standard_error);
}

TEST_CASE("lives are the same under every policy, and a run without them is as ever") {
  CHECK(rc::check("times of comings and goings", [](std::uint64_t seed) {
    const auto law = make_delay_law("exponential(rate=0.3)");
    ComingsAndGoings one(law, law, seed, 4), other(law, law, seed, 4);
    double last = 0;
    for (int i = 0; i < 50; ++i) {
      RC_ASSERT(one.next().time == other.next().time);
      RC_ASSERT(one.next().time >= last);
      last = one.next().time;
      // The other one is written down and read back on the way.
      ComingsAndGoings copy(law, law, seed, 4);
      copy.restore(nlohmann::json::parse(other.state().dump()));
      other = copy;
      one.pop();
      other.pop();
    }
  }));
  CHECK(rc::check("a life longer than the run changes nothing", [](std::uint64_t seed) {
    FleetConfig fleet = testing::random_fleet();
    const auto variant = testing::random_variant(fleet.workers).text();
    const auto immortal = texts(record(variant, fleet, seed, 40).updates);
    fleet.lifetime = "constant(value=1e12)";
    RC_ASSERT(texts(record(variant, fleet, seed, 40).updates) == immortal);
  }));
}

TEST_CASE("every variant, workers that die and return, goes on and its account adds up") {
  CHECK(rc::check("started = computed + cancelled + lost + in flight", [](std::uint64_t seed) {
    FleetConfig fleet = mortal_fleet();
    // A worker that is restarted at a cost, and dies before it begins, begins anew earlier.
    if (*rc::gen::arbitrary<bool>()) {
      fleet.slowness = "markov(mean_normal=0.3, mean_slow=0.2, factor=3)";
      fleet.restart_cost = 4;
    }
    const auto variant = testing::random_variant(fleet.workers);
    const auto recording = record(variant.text(), fleet, seed, 40);
    const Account& account = recording.account;
    RC_ASSERT(account.started ==
              account.computed + account.cancelled + account.lost + account.in_flight);
    RC_ASSERT(recording.updates.size() >= 40U);
    for (const UpdateRecord& update : recording.updates) {
      RC_ASSERT(update.gradients.size() == variant.k);
    }
  }));
}

SimulationConfig dying(const char* policy, const char* on_shortage) {
  SimulationConfig config;
  config.policy = policy;
  config.updates = 1000;
  config.fleet.workers = 3;
  config.fleet.lifetime = "uniform(low=20, high=400)";
  config.fleet.on_shortage = on_shortage;
  return config;
}

TEST_CASE("sync, workers gone for good, says whom it waits for; shrinking, it goes on with one") {
  SimulationConfig config = dying("sync", "wait");
  try {
    static_cast<void>(simulate(config, {}));
    FAIL("it went on");
  } catch (const DataError& error) {
    const std::string text = error.what();
    CHECK(text.find("dead for good") != std::string::npos);
    CHECK(text.find("--on-shortage shrink") != std::string::npos);
  }
  config = dying("sync", "shrink");
  config.fleet.lifetime = "uniform(low=20, high=4000)";
  config.updates = 300;
  CHECK(simulate(config, {}).at("updates") == 300);
}

TEST_CASE("options of lives that make no sense are refused with the reason") {
  SimulationConfig config = dying("sync", "perhaps");
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate(config, {})), doctest::Contains("wait or shrink"),
                       ConfigError);
  config = dying("sync", "wait");
  config.fleet.absence = "constant(value=1)";
  config.fleet.lifetime = "none";
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate(config, {})), doctest::Contains("nobody dies"),
                       ConfigError);
}

}  // namespace
}  // namespace syncline
