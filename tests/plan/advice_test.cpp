// What the planner says in words: it must be able to say each of these, and only where it is true.

#include "plan/advice.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "plan/fleet_only.hpp"
#include "plan/models.hpp"

namespace syncline {
namespace {

using testing::small_model;

Forecast forecast(const std::string& policy, std::uint32_t workers, double time) {
  Forecast entry;
  entry.candidate = {policy, variant_point(policy, workers), 0.1};
  entry.runtime.value = 1;
  entry.updates = time;
  entry.gradients = time;
  entry.time = Estimate{time, EstimateKind::simulated, "", time, time};
  return entry;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("choice, sync within 3 % of the best, is sync and says so") {
  Goal goal;
  goal.loss = 1;
  const Advice advice = choose({forecast("async", 8, 100), forecast("sync", 8, 102)}, goal);
  REQUIRE(advice.choice);
  CHECK(advice.choice->candidate.policy == "sync");
  CHECK(contains(advice.reason, "Plain sync is best"));
}

TEST_CASE("choice, something clearly faster, names the gain over sync") {
  Goal goal;
  goal.loss = 1;
  const Advice advice = choose({forecast("async", 8, 100), forecast("sync", 8, 250)}, goal);
  REQUIRE(advice.choice);
  CHECK(advice.choice->candidate.policy == "async");
  CHECK(contains(advice.reason, "2.50 times as fast"));
}

TEST_CASE("choice, nobody reaches the target, is none") {
  Goal goal;
  goal.loss = 1;
  Forecast lost = forecast("async", 8, 100);
  lost.time.reset();
  CHECK_FALSE(choose({lost}, goal).choice);
}

std::vector<std::string> hints(const FleetConfig& fleet, double bytes) {
  Goal goal;
  goal.loss = 0.4;
  RankingSettings settings;
  settings.step_sizes = {0.1};
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet, bytes));
  const QuadraticModel model = small_model(0.3);
  const auto ranked = rank(model, theory, goal, settings, {});
  const Advice advice = choose(ranked, goal);
  REQUIRE(advice.choice);
  return fleet_hints(*advice.choice, model, fleet, bytes, goal, settings, {});
}

TEST_CASE("hints, a link that is busy all the time, say so and how many shards help") {
  FleetConfig fleet;
  fleet.workers = 8;
  fleet.delay = "exponential(rate=1)";
  fleet.server_bandwidth = 1;
  const auto said = hints(fleet, 0.5);
  REQUIRE(said.size() == 1);
  CHECK(contains(said.front(), "server link is your limit"));
  CHECK(contains(said.front(), "shards"));
}

TEST_CASE("hints, nothing to improve, are none") {
  FleetConfig fleet;
  fleet.workers = 8;
  fleet.delay = "exponential(rate=1)";
  CHECK(hints(fleet, 0).empty());
}

TEST_CASE("hints, one hopelessly slow worker, name it") {
  FleetConfig fleet;
  fleet.workers = 5;
  fleet.delay = "2*exponential(rate=1),1*exponential(rate=0.01),2*exponential(rate=1)";
  const auto said = hints(fleet, 0);
  REQUIRE(said.size() == 1);
  CHECK(contains(said.front(), "Remove worker 2:"));
}

TEST_CASE("hints, half of the workers three times slower but useful, name none") {
  FleetConfig fleet;
  fleet.workers = 4;
  fleet.delay = "2*exponential(rate=1),2*exponential(rate=0.33)";
  CHECK(hints(fleet, 0).empty());
}

TEST_CASE("fleet alone, equal and constant times: sync is best whatever the workload") {
  FleetConfig fleet;
  fleet.workers = 8;
  fleet.delay = "constant(value=2)";
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet, 0));
  const FleetView view = view_of(theory, 0.1);
  CHECK(view.sync_is_best);
}

TEST_CASE("fleet alone, random times: sync is not said to be best") {
  FleetConfig fleet;
  fleet.workers = 8;
  fleet.delay = "exponential(rate=1)";
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet, 0));
  const FleetView view = view_of(theory, 0.1);
  CHECK(view.points.size() > 20);
  CHECK_FALSE(view.sync_is_best);
}

}  // namespace
}  // namespace syncline
