// The planner as a whole, on analytic workloads.

#include "syncline/plan.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/train.hpp"

namespace syncline {
namespace {

PlanConfig quadratic_plan(const std::string& delay) {
  PlanConfig config;
  RunConfig& run = config.race.run;
  run.fleet.workers = 8;
  run.fleet.delay = delay;
  run.model.workload = "quadratic(dimension=60, condition=20, noise=2)";
  run.model.batch = 1;
  run.optimizer.step_size = 0.1;
  run.stop.metric = "train_loss";
  run.stop.target = 0.6;
  config.race.step_sizes = "same";
  config.measure = true;
  return config;
}

TEST_CASE("plan, exponential times, names a policy, its gain and a command that can be run") {
  const auto document = plan(quadratic_plan("exponential(rate=1)"), {});
  const auto& choice = document.at("recommendation");
  REQUIRE(choice.at("policy").is_string());
  CHECK(choice.at("policy") != "sync");
  CHECK(choice.at("command").get<std::string>().rfind("syncline train --policy", 0) == 0);
  CHECK(document.at("candidates").front().at("speedup_vs_sync").get<double>() > 1.2);
  CHECK(document.at("adasync").is_string());
}

TEST_CASE("plan, constant times, says that plain sync is best") {
  // At this step size only the mean of 8 gradients is quiet enough for the target.
  PlanConfig config = quadratic_plan("constant(value=1)");
  config.race.run.model.workload = "quadratic(dimension=60, condition=4, noise=30)";
  config.race.run.stop.target = 3.1;
  const auto document = plan(config, {});
  CHECK(document.at("recommendation").at("policy") == "sync");
  const std::string reason = document.at("recommendation").at("reason");
  CHECK(reason.find("Plain sync is best") != std::string::npos);
}

TEST_CASE("plan by theory alone simulates nothing and agrees with simulation within a quarter") {
  PlanConfig config = quadratic_plan("exponential(rate=1)");
  const auto simulated = plan(config, {});
  config.simulate = false;
  const auto theory = plan(config, {});
  for (const auto& candidate : theory.at("candidates")) CHECK(candidate.at("simulated") == false);
  const double a = theory.at("candidates").front().at("time").at("value");
  const double b = simulated.at("candidates").front().at("time").at("value");
  CHECK(a == doctest::Approx(b).epsilon(0.25));
}

TEST_CASE("plan without knowledge of the workload says what to measure") {
  PlanConfig config = quadratic_plan("exponential(rate=1)");
  config.measure = false;
  const auto document = plan(config, {});
  const auto& choice = document.at("recommendation");
  CHECK(choice.at("reason").get<std::string>().find("measure it") != std::string::npos);
  CHECK(choice.at("command").get<std::string>().rfind("syncline measure", 0) == 0);
  CHECK(document.at("candidates").size() > 20);
}

TEST_CASE("plan from a pilot log takes fleet and curve from it") {
  const testing::TemporaryFolder folder;
  RunConfig pilot;
  pilot.policy = "k-async(k=4)";
  pilot.fleet.workers = 8;
  pilot.fleet.delay = "4*exponential(rate=1),4*exponential(rate=0.2)";
  pilot.model.workload = "quadratic(dimension=60, condition=20, noise=0.5)";
  pilot.optimizer.step_size = 0.1;
  pilot.stop.updates = 400;
  pilot.log = folder / "pilot.jsonl";
  pilot.threads = 1;
  static_cast<void>(train(pilot, {}));
  PlanConfig config;
  config.race.step_sizes = "same";
  config.race.run.optimizer.step_size = 0.1;
  config.race.run.stop.metric = "train_loss";
  config.race.run.stop.target = 0.5;
  config.pilots = {pilot.log};
  config.what_if = {"sync", "async"};
  const auto document = plan(config, {});
  CHECK(document.at("fleet").at("workers") == 8);
  CHECK(document.at("fleet").at("fit").is_object());
  REQUIRE(document.at("recommendation").at("policy").is_string());
  CHECK(document.at("recommendation").at("policy") != "sync");
  CHECK(document.at("what_if").size() == 2);
  CHECK_FALSE(document.at("workload").at("notes").empty());
}

TEST_CASE(
    "plan from a pilot, other model and step size than the defaults, recommends the pilot's") {
  const testing::TemporaryFolder folder;
  RunConfig pilot;
  pilot.policy = "sync";
  pilot.fleet.workers = 4;
  pilot.model.workload = "quadratic(dimension=30)";
  pilot.model.batch = 2;
  pilot.model.precision = "float64";
  pilot.optimizer.step_size = 0.05;
  pilot.stop.updates = 200;
  pilot.stop.metric = "train_loss";
  pilot.threads = 1;
  pilot.log = folder / "pilot.jsonl";
  static_cast<void>(train(pilot, {}));
  PlanConfig config;
  config.simulate = false;
  config.race.run.stop.metric = "train_loss";
  config.race.run.stop.target = 0.5;
  config.pilots = {pilot.log};
  const auto choice = plan(config, {}).at("recommendation");
  REQUIRE(choice.at("command").is_string());
  CHECK(choice.at("step_size") == 0.05);
  const std::string command = choice.at("command");
  for (const char* part : {"--model \"quadratic(dimension=30)\"", "--batch 2", "--step-size 0.05",
                           "--precision \"float64\""}) {
    CHECK_MESSAGE(command.find(part) != std::string::npos, command);
  }
}

TEST_CASE("plan for a time in which no update fits names no policy") {
  PlanConfig config = quadratic_plan("constant(value=1)");
  config.race.run.stop.target = 0;
  config.race.run.stop.time = 0.01;
  const auto choice = plan(config, {}).at("recommendation");
  CHECK(choice.at("policy").is_null());
  CHECK(choice.at("reason").get<std::string>().find("too short") != std::string::npos);
}

TEST_CASE("plan for a time in which sync makes no update puts the others first") {
  PlanConfig config = quadratic_plan("7*exponential(rate=1),1*constant(value=1000)");
  config.race.run.stop.target = 0;
  config.race.run.stop.time = 20;
  const auto document = plan(config, {});
  CHECK(document.at("recommendation").at("policy") != "sync");
  CHECK(document.at("candidates").front().at("loss_at_budget").get<double>() > 0);
}

TEST_CASE("plan for a target that is met at the start says so") {
  PlanConfig config = quadratic_plan("exponential(rate=1)");
  config.race.run.stop.target = 1e6;
  const auto choice = plan(config, {}).at("recommendation");
  CHECK(choice.at("policy").is_null());
  CHECK(choice.at("reason").get<std::string>().find("met before training") != std::string::npos);
}

TEST_CASE("plan, a busy link and no workload, says that the link is the limit") {
  PlanConfig config = quadratic_plan("exponential(rate=1)");
  config.measure = false;
  config.race.run.fleet.server_bandwidth = 1;
  config.message_bytes = 20;
  const auto hints = plan(config, {}).at("hints");
  REQUIRE(hints.size() == 1);
  CHECK(hints.front().get<std::string>().find("shards") != std::string::npos);
}

TEST_CASE("plan refuses what it can't do, with the reason") {
  PlanConfig config = quadratic_plan("exponential(rate=1)");
  config.race.run.optimizer.name = "adam";
  CHECK_THROWS_WITH_AS(plan(config, {}), doctest::Contains("plain sgd"), ConfigError);
  config = quadratic_plan("exponential(rate=1)");
  config.what_if = {"async"};
  CHECK_THROWS_WITH_AS(plan(config, {}), doctest::Contains("--timings"), ConfigError);
  config = quadratic_plan("exponential(rate=1)");
  config.timings = "/does/not/exist.csv";
  CHECK_THROWS_AS(plan(config, {}), DataError);
  config = quadratic_plan("exponential(rate=1)");
  config.race.run.stop.target = 1e-9;
  CHECK_FALSE(plan(config, {}).at("recommendation").at("policy").is_string());
}

}  // namespace
}  // namespace syncline
