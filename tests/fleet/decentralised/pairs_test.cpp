// AD-PSGD: no rounds.

#include <doctest/doctest.h>

#include "fleet/decentralised/support.hpp"

namespace syncline {
namespace {

using testing::run_nodes;
using testing::short_node_run;
using testing::tiny_workload;

TEST_CASE("each node goes at its own pace") {
  RunConfig config = short_node_run("ad-psgd(topology=ring)");
  config.fleet.delay = "3*constant(value=1),3*constant(value=4)";
  config.stop.updates = 0;
  config.stop.time = 40.5;
  const RunResult run =
      run_nodes<float>(config, tiny_workload<float>("softmax(lambda=0.01)")).result.run;
  CHECK(run.contributions == std::vector<std::uint64_t>{40, 40, 40, 10, 10, 10});
  CHECK(run.updates == 150);
  CHECK(run.account.started == run.account.applied + run.account.in_flight);
  CHECK(run.account.in_flight == 6);
  CHECK(run.idle_fraction == 0);
  // Others average with a node while it computes: about once in one of its own jobs.
  CHECK(run.staleness.mean() > 0.3);
  CHECK(run.staleness.mean() < 3);
  CHECK(run.final_metrics->test_error < 0.1);
}

TEST_CASE("an exchange takes there and back") {
  RunConfig config = short_node_run("ad-psgd(topology=ring)");
  config.fleet.delay = "constant(value=1)";
  config.fleet.latency = 0.5;
  config.stop.updates = 12;
  const auto workload = tiny_workload<double>("quadratic(dimension=10)");
  CHECK(run_nodes<double>(config, workload).result.run.elapsed == doctest::Approx(4));
}

TEST_CASE(
    "averaging keeps the mean of all models: on a quadratic each step moves it by a gradient") {
  RunConfig config = short_node_run("ad-psgd(topology=complete)");
  config.stop.updates = 1;
  const auto workload = tiny_workload<double>("quadratic(dimension=5, noise=0)");
  const auto models = run_nodes<double>(config, workload).models;
  std::vector<double> start(5), gradient(5);
  workload->initialise(config.seed, start);
  const std::vector<std::uint32_t> batch(config.model.batch, 0);
  workload->make_replica()->gradient(start, batch, {config.seed, 0, 0}, gradient);
  const auto mean = testing::mean_model(models);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(mean[i] ==
          doctest::Approx(start[i] - config.optimizer.step_size * gradient[i] / 6).epsilon(1e-12));
  }
}

}  // namespace
}  // namespace syncline
