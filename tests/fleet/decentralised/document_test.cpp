// What a run without a server leaves in its document.

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/decentralised/support.hpp"

namespace syncline {
namespace {

TEST_CASE("the document has the graph, the faulty nodes and the worst node") {
  RunConfig config = testing::short_node_run("bridge(b=1, topology=complete)");
  config.model.workload = "quadratic(dimension=5)";
  config.fleet.workers = 4;
  config.worker.attack = "sign-flip(who=3)";
  config.stop.updates = 10;
  config.stop.evaluate_every = 0;
  const auto document = train_decentralised(config, {});
  CHECK(document.at("kind") == "run");
  CHECK(document.at("title") == config.policy);
  CHECK(document.at("updates") == 10);
  const auto& nodes = document.at("nodes");
  CHECK(nodes.at("edges") ==
        nlohmann::ordered_json({{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
  CHECK(nodes.at("faulty") == nlohmann::ordered_json({3}));
  REQUIRE(nodes.at("worst").size() == 11);
  CHECK(nodes.at("worst").at(0).at("disagreement") == 0);
  CHECK(nodes.at("worst").at(10).at("update") == 10);
  CHECK(nodes.at("worst").at(10).at("test_error").is_null());
  CHECK(nodes.at("final_worst").at("node") != 3);
  CHECK(nodes.at("final_worst").at("test_loss") >=
        document.at("settings").at(0).at("policies").at(0).at("final_loss").at("mean"));
}

TEST_CASE("the document has each honest node's end: their mean and their worst are the run's") {
  RunConfig config = testing::short_node_run("dgd(topology=ring, faulty=uniform(who=2))");
  config.model.workload = "quadratic(dimension=5)";
  config.fleet.workers = 5;
  config.stop.updates = 10;
  config.stop.evaluate_every = 0;
  const auto document = train_decentralised(config, {});
  const auto& nodes = document.at("nodes");
  REQUIRE(nodes.at("final").size() == 5);
  CHECK(nodes.at("final").at(2).is_null());
  double sum = 0, highest = 0;
  for (const int node : {0, 1, 3, 4}) {
    CHECK(nodes.at("final").at(node).at("test_error").is_null());  // nothing is classified
    const double loss = nodes.at("final").at(node).at("test_loss");
    sum += loss;
    highest = std::max(highest, loss);
  }
  const double mean =
      document.at("settings").at(0).at("policies").at(0).at("final_loss").at("mean");
  CHECK(sum / 4 == doctest::Approx(mean).epsilon(1e-12));
  CHECK(highest > mean);
  CHECK(nodes.at("final_worst").at("test_loss") == highest);
  CHECK(nodes.at("final").at(nodes.at("final_worst").at("node").get<int>()).at("test_loss") ==
        highest);
}

TEST_CASE("a run that diverged has no node's end") {
  RunConfig config = testing::short_node_run("dgd(faulty=uniform(workers=1))");
  config.model.workload = "quadratic(dimension=5)";
  config.optimizer.step_size = 1e30;
  config.stop.evaluate_every = 0;
  const auto document = train_decentralised(config, {});
  REQUIRE(document.at("outcome") == "diverged");
  CHECK(document.at("nodes").at("final").is_null());
}

TEST_CASE("progress is told, and an interruption ends the run with what it has") {
  RunConfig config = testing::short_node_run("dgd");
  std::size_t evaluations = 0;
  std::atomic<bool> interrupted = false;
  Progress progress;
  progress.evaluated = [&](const Evaluated&) { ++evaluations; };
  progress.report = [&](const std::string& what, double fraction) {
    CHECK(what == "dgd");
    if (fraction >= 0.5) interrupted = true;
  };
  progress.interrupted = &interrupted;
  const auto result = run_decentralised<double>(
      config, testing::tiny_workload<double>("quadratic(dimension=5)"), progress);
  CHECK(result.run.outcome == Outcome::interrupted);
  CHECK(result.run.updates == 20);
  CHECK(evaluations == result.run.points.size());
}

}  // namespace
}  // namespace syncline
