// Methods that are the same in special cases.

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/decentralised/support.hpp"

namespace syncline {
namespace {

using testing::run_nodes;
using testing::same_bits;
using testing::short_node_run;
using testing::tiny_workload;

TEST_CASE("BRIDGE-T with b = 0 is dgd with uniform weights, bit for bit") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  CHECK(rc::check([&] {
    const auto nodes = *rc::gen::inRange<std::uint32_t>(3, 12);
    const std::string topology =
        "topology=random(p=0.5, seed=" + std::to_string(*rc::gen::inRange(0, 1000)) + ")";
    RunConfig config = short_node_run("dgd(weights=uniform, " + topology + ")");
    config.fleet.workers = nodes;
    config.seed = *rc::gen::inRange<std::uint64_t>(0, 1000);
    config.stop.updates = 6;
    const auto plain = run_nodes<float>(config, workload);
    config.policy = "bridge(screen=trimmed-mean, b=0, " + topology + ")";
    RC_ASSERT(same_bits(plain.models, run_nodes<float>(config, workload).models));
  }));
}

TEST_CASE("metropolis and uniform weights are the same on a complete graph, to rounding") {
  RunConfig config = short_node_run("dgd(topology=complete, weights=uniform)");
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  const auto uniform = run_nodes<double>(config, workload);
  config.policy = "dgd(topology=complete, weights=metropolis)";
  const auto metropolis = run_nodes<double>(config, workload);
  for (std::size_t node = 0; node < 6; ++node) {
    for (std::size_t i = 0; i < uniform.models[node].size(); ++i) {
      CHECK(std::abs(uniform.models[node][i] - metropolis.models[node][i]) < 1e-12);
    }
  }
}

// Each node's gradient is taken at its own model, so only where gradients are linear in the model
// is the gradient at the mean the mean of the gradients.
TEST_CASE("on a quadratic the mean model of dgd is the model of sync SGD, on any graph") {
  const auto workload = tiny_workload<double>("quadratic(dimension=12, noise=0.5)");
  for (const char* topology : {"complete", "ring", "random(p=0.5)"}) {
    CAPTURE(topology);
    RunConfig config = short_node_run("dgd(topology=" + std::string(topology) + ")");
    config.optimizer.weight_decay = 0.01;
    const auto nodes = testing::mean_model(run_nodes<double>(config, workload).models);
    config.policy = "sync";
    const auto server = testing::run<double>(config, workload).state;
    for (std::size_t i = 0; i < server.size(); ++i) CHECK(std::abs(nodes[i] - server[i]) < 1e-12);
  }
}

TEST_CASE("the first round on a complete graph is sync SGD's first step, once it is mixed") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  RunConfig config = short_node_run("dgd(topology=complete)");
  config.stop.updates = 1;
  const auto nodes = testing::mean_model(run_nodes<double>(config, workload).models);
  config.policy = "sync";
  const auto server = testing::run<double>(config, workload).state;
  for (std::size_t i = 0; i < server.size(); ++i) CHECK(std::abs(nodes[i] - server[i]) < 1e-12);
}

}  // namespace
}  // namespace syncline
