// Races that drop the hopeless early.

#include "race/halving.hpp"

#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "syncline/line_up.hpp"
#include "syncline/policy.hpp"
#include "syncline/race.hpp"

namespace syncline {
namespace {

RaceConfig small_race() {
  RaceConfig config;
  config.run.threads = 1;
  config.run.fleet.workers = 6;
  config.run.model.workload = "quadratic(dimension=10, noise=0.1)";
  config.run.optimizer.step_size = 0.05;
  config.run.stop.metric = "test_loss";
  config.run.stop.target = 0.5;
  config.run.stop.time = 64;
  config.seeds = 2;
  config.step_sizes = "same";
  return config;
}

std::vector<PolicyChoice> choices_of(const std::vector<std::string>& policies) {
  std::vector<PolicyChoice> choices;
  for (const std::string& policy : policies) choices.push_back({policy, 0.05});
  return choices;
}

TEST_CASE("halving leaves as many as were asked for, and sync, for a few full runs") {
  RaceConfig config = small_race();
  config.finalists = 2;
  const std::vector<std::string> all = usual_policies(6, config.run.stop.time);
  RunQueue queue(config.run, {});
  nlohmann::ordered_json report;
  const auto kept = halve(queue, config, choices_of(all), report);
  CHECK(kept.size() == 3);
  CHECK(kept.front().policy == "sync");
  REQUIRE(report.is_object());
  std::size_t before = all.size() - 1;
  double cost = 0;
  for (const auto& round : report.at("rounds")) {
    CHECK(round.at("ranking").size() == before);
    cost += round.at("share").get<double>() * static_cast<double>(before);
    CHECK(round.at("left") == std::max<std::size_t>(2, (before + 1) / 2));
    before = round.at("left").get<std::size_t>();
  }
  CHECK(before == 2);
  CHECK(report.at("cost").get<double>() == doctest::Approx(cost));
  // Five rounds at 1/64 to 1/4 of the time, the first of all, the last of three.
  CHECK(cost < 6);
}

TEST_CASE("halving keeps a policy that is better by far, and drops one that can't move") {
  RaceConfig config = small_race();
  config.finalists = 1;
  RunQueue queue(config.run, {});
  nlohmann::ordered_json report;
  const auto kept = halve(queue, config,
                          choices_of({"sync", "async", "picky(radius=1e-12)",
                                      "clipped-asgd(norm=1e-9)", "delay-adaptive(beyond=skip)"}),
                          report);
  REQUIRE(kept.size() == 2);
  CHECK(kept[1].policy != "clipped-asgd(norm=1e-9)");
  CHECK(kept[1].policy != "picky(radius=1e-12)");
}

TEST_CASE("without finalists, or with enough of them, nobody is dropped and nothing is run") {
  RaceConfig config = small_race();
  RunQueue queue(config.run, {});
  nlohmann::ordered_json report;
  const auto choices = choices_of({"sync", "async", "k-sync(k=2)"});
  CHECK(halve(queue, config, choices, report).size() == 3);
  CHECK(report.is_null());
  config.finalists = 2;
  CHECK(halve(queue, config, choices, report).size() == 3);
  CHECK(report.is_null());
}

TEST_CASE("a race of all, with finalists, tells its rounds and judges who is left") {
  RaceConfig config = small_race();
  config.policies = {"all"};
  config.finalists = 2;
  const auto document = race(config, {});
  const auto& setting = document.at("settings").at(0);
  CHECK(setting.at("policies").size() == 3);
  CHECK(setting.at("halving").at("rounds").size() >= 4);
  CHECK(document.at("config").at("race").at("policies").size() > 20);
}

TEST_CASE("a race takes nodes without a server beside policies with one") {
  RaceConfig config = small_race();
  config.policies = {"async", "dgd(topology=ring)"};
  const auto document = race(config, {});
  const auto& policies = document.at("settings").at(0).at("policies");
  REQUIRE(policies.size() == 3);
  CHECK(policies.at(2).at("policy") == "dgd(topology=ring)");
  CHECK(policies.at(2).at("updates").get<double>() > 0);
  CHECK(policies.at(2).at("time_to_target").at("reached") == 2);
}

TEST_CASE("the usual policies are distinct and can be made, in fleets of any size") {
  for (const std::uint32_t workers : {1U, 2U, 3U, 5U, 8U, 100U}) {
    CAPTURE(workers);
    PolicyContext context;
    context.workers = workers;
    const auto policies = usual_policies(workers, 50);
    CHECK(std::set<std::string>(policies.begin(), policies.end()).size() == policies.size());
    for (const std::string& policy : policies) {
      CAPTURE(policy);
      CHECK_NOTHROW(static_cast<void>(make_policy(policy, context)));
    }
  }
}

}  // namespace
}  // namespace syncline
