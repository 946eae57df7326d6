// Rounds in virtual time, and what a run tells.

#include <cmath>
#include <cstring>

#include <doctest/doctest.h>

#include "fleet/decentralised/support.hpp"

namespace syncline {
namespace {

using testing::run_nodes;
using testing::same_bits;
using testing::short_node_run;
using testing::tiny_workload;

const char* const methods[] = {"dgd(topology=ring)", "bridge(b=1, topology=complete)",
                               "bridge(screen=krum, b=1, topology=complete)",
                               "ad-psgd(topology=ring, faulty=uniform)"};

TEST_CASE("threads change no bit") {
  for (const char* method : methods) {
    CAPTURE(method);
    RunConfig config = short_node_run(method);
    const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
    const auto alone = run_nodes<float>(config, workload);
    config.threads = 3;
    const auto together = run_nodes<float>(config, workload);
    CHECK(same_bits(alone.models, together.models));
    REQUIRE(alone.result.run.points.size() == together.result.run.points.size());
    for (std::size_t i = 0; i < alone.result.run.points.size(); ++i) {
      const auto& a = alone.result.run.points[i];
      const auto& b = together.result.run.points[i];
      CHECK(a.time == b.time);
      CHECK(a.metrics.test_loss == b.metrics.test_loss);
      CHECK(alone.result.worst[i].node == together.result.worst[i].node);
      CHECK(alone.result.worst[i].disagreement == together.result.worst[i].disagreement);
    }
  }
}

TEST_CASE("a round lasts until the slowest node is done; the others idle") {
  RunConfig config = short_node_run("dgd(topology=ring)");
  config.fleet.delay = "4*constant(value=1),2*constant(value=3)";
  config.stop.updates = 10;
  const RunResult run =
      run_nodes<float>(config, tiny_workload<float>("softmax(lambda=0.01)")).result.run;
  CHECK(run.updates == 10);
  CHECK(run.elapsed == doctest::Approx(30));
  CHECK(run.idle_fraction == doctest::Approx(4.0 / 6 * 2 / 3));
  CHECK(run.account.started == 60);
  CHECK(run.account.applied == 60);
  CHECK(run.account.in_flight == 0);
  CHECK(run.contributions == std::vector<std::uint64_t>(6, 10));
  CHECK(run.staleness.mean() == 0);
}

TEST_CASE("messages take their time beside the computing, over the node's own link") {
  RunConfig config = short_node_run("dgd(topology=complete)");
  config.fleet.delay = "constant(value=1)";
  config.fleet.latency = 0.25;
  const auto workload = tiny_workload<double>("quadratic(dimension=10)");
  config.fleet.bandwidth = 80;  // one model in a unit of time
  config.stop.updates = 4;
  CHECK(run_nodes<double>(config, workload).result.run.elapsed == doctest::Approx(4 * 5.25));
  config.policy = "dgd(topology=ring)";
  CHECK(run_nodes<double>(config, workload).result.run.elapsed == doctest::Approx(4 * 2.25));
  config.fleet.bandwidth = 0;
  CHECK(run_nodes<double>(config, workload).result.run.elapsed == doctest::Approx(4));
}

TEST_CASE("a run ends at its time, its target, or when it diverges") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = short_node_run("dgd(topology=ring)");
  config.fleet.delay = "constant(value=1)";
  config.stop.updates = 0;
  config.stop.time = 7.5;
  config.stop.evaluate_every = 1;
  const auto by_time = run_nodes<float>(config, workload).result;
  CHECK(by_time.run.updates == 7);
  REQUIRE(by_time.run.points.size() == 8);
  CHECK(by_time.worst.size() == 8);
  CHECK(by_time.run.points[3].update == 3);

  config.stop.time = 100;
  config.stop.target = 0.3;
  const auto by_target = run_nodes<float>(config, workload).result.run;
  CHECK(by_target.outcome == Outcome::target);
  CHECK(by_target.target_time.has_value());
  CHECK(by_target.elapsed < 100);

  config.stop.target = 0;
  config.optimizer.step_size = 1e30;
  const auto diverged = run_nodes<float>(config, workload).result.run;
  CHECK(diverged.outcome == Outcome::diverged);
  CHECK(diverged.diverged_at.has_value());
  CHECK(!diverged.final_metrics.has_value());
}

TEST_CASE("the mean and the worst of the honest nodes") {
  RunConfig config = short_node_run("bridge(b=1, topology=complete, faulty=uniform(who=2))");
  config.model.partition = "dirichlet(alpha=0.1)";
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  const auto run = run_nodes<double>(config, workload);
  CHECK(run.result.faulty == std::vector<bool>{false, false, true, false, false, false});
  double sum = 0;
  double worst = 0;
  const auto replica = workload->make_replica();
  for (WorkerId node = 0; node < 6; ++node) {
    if (node == 2) continue;
    const auto sums = replica->evaluate(run.models[node], Split::test, 0, 90);
    sum += sums.wrong / 90;
    worst = std::max(worst, sums.wrong / 90);
  }
  CHECK(run.result.run.final_metrics->test_error == doctest::Approx(sum / 5));
  CHECK(run.result.final_worst->metrics.test_error == doctest::Approx(worst));
  CHECK(run.result.final_worst->node != 2);
}

}  // namespace
}  // namespace syncline
