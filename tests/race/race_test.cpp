#include "syncline/race.hpp"

#include <atomic>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

RaceConfig small_race() {
  RaceConfig config;
  config.policies = {"k-async(k=2)", "async"};
  config.seeds = 5;
  config.step_sizes = "both";
  config.step_size_grid = {0.5, 1};
  config.run.fleet.workers = 4;
  config.run.model.workload = "quadratic(dimension=20, condition=10, noise=0.1)";
  config.run.model.batch = 4;
  config.run.optimizer.step_size = 0.1;
  config.run.stop.metric = "test_loss";
  config.run.stop.target = 0.5;
  config.run.stop.time = 150;
  return config;
}

TEST_CASE("a race runs all policies on one grid with at least 50 points before sync's target") {
  const auto document = race(small_race(), {});
  REQUIRE(document.at("settings").size() == 2);
  for (const auto& setting : document.at("settings")) {
    CHECK(setting.at("grid").at("points_before_sync_target").get<double>() >= 50);
    REQUIRE(setting.at("policies").size() == 3);
    CHECK(setting.at("policies").at(0).at("policy") == "sync");
    const auto& grid = setting.at("policies").at(0).at("curves").at(0).at("time");
    for (const auto& policy : setting.at("policies")) {
      CHECK(policy.at("curves").size() == 5);
      CHECK(policy.at("time_to_target").at("reached") == 5);
      for (const auto& curve : policy.at("curves")) CHECK(curve.at("time") == grid);
    }
    CHECK(setting.at("policies").at(0).at("speedup_vs_sync").at("value") == 1.0);
  }
  CHECK(document.at("settings").at(1).at("tuning").at("results").size() == 6);
  for (const auto& seed : document.at("settings").at(1).at("tuning").at("seeds")) {
    CHECK(seed.get<std::uint64_t>() > 1000);
  }
}

TEST_CASE("a race, run twice and on another number of cores, gives the same results") {
  RaceConfig config = small_race();
  config.step_sizes = "same";
  auto once = race(config, {});
  config.run.threads = 1;
  auto again = race(config, {});
  once.erase("seconds");
  again.erase("seconds");
  CHECK(once == again);
}

TEST_CASE("a policy that diverges is reported and the race goes on") {
  RaceConfig config = small_race();
  config.step_sizes = "same";
  config.run.optimizer.step_size = 1.9;  // stable with fresh gradients only
  config.policies = {"async"};
  config.run.fleet.workers = 16;
  config.run.stop.time = 600;
  config.run.model.workload = "quadratic(dimension=5, condition=2, noise=0.01)";
  const auto document = race(config, {});
  const auto& policies = document.at("settings").at(0).at("policies");
  CHECK(policies.at(0).at("diverged").empty());
  CHECK(policies.at(1).at("diverged").size() == 5);
  CHECK(policies.at(1).at("diverged").at(0).at("update").get<std::uint64_t>() > 0);
}

TEST_CASE("a race that is interrupted at any time ends cleanly, without a verdict") {
  for (const double at : {0.01, 0.1, 0.2, 0.35}) {
    RaceConfig config = small_race();
    config.run.threads = 2;
    std::atomic<bool> interrupted{false};
    Progress progress;
    progress.interrupted = &interrupted;
    progress.report = [&](const std::string&, double fraction) {
      if (fraction > at) interrupted = true;
    };
    const auto document = race(config, progress);
    CHECK(document.at("interrupted") == true);
    for (const auto& setting : document.at("settings")) {
      CHECK(setting.at("verdict").at("winner").is_null());
      for (const auto& policy : setting.at("policies")) {
        CHECK(policy.at("speedup_vs_sync").is_null());
      }
    }
  }
}

TEST_CASE("a race that is interrupted before its first run has no settings") {
  const std::atomic<bool> interrupted{true};
  Progress progress;
  progress.interrupted = &interrupted;
  for (const char* step_sizes : {"same", "tuned", "both"}) {
    RaceConfig config = small_race();
    config.step_sizes = step_sizes;
    const auto document = race(config, progress);
    CHECK(document.at("interrupted") == true);
    CHECK(document.at("settings").empty());
  }
}

TEST_CASE("bad race configurations are refused") {
  const auto refused = [](auto change) {
    RaceConfig config = small_race();
    change(config);
    CHECK_THROWS_AS(static_cast<void>(race(config, {})), ConfigError);
  };
  refused([](RaceConfig& config) { config.policies.clear(); });
  refused([](RaceConfig& config) { config.policies = {"async", "async"}; });
  refused([](RaceConfig& config) { config.policies = {"k-sync(k=5)"}; });
  refused([](RaceConfig& config) { config.seeds = 0; });
  refused([](RaceConfig& config) { config.run.stop.target = 0; });
  refused([](RaceConfig& config) { config.run.stop.time = 0; });
  refused([](RaceConfig& config) { config.run.stop.target = 1e9; });  // met before any training
  refused([](RaceConfig& config) { config.run.stop.metric = "test_error"; });
  refused([](RaceConfig& config) { config.step_sizes = "best"; });
  refused([](RaceConfig& config) { config.step_size_grid = {-1}; });
  refused([](RaceConfig& config) { config.tuning_seeds = 0; });
}

TEST_CASE("the ready-made races are there") {
  REQUIRE(ready_made_races().size() == 2);
  CHECK(ready_made_races()[0].name == "fashion-mnist");
  CHECK(ready_made_races()[1].name == "cifar10");
}

}  // namespace
}  // namespace syncline
