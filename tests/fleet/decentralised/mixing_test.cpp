// What mixing does to models when nobody learns.

#include "fleet/decentralised/mixing.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/decentralised/support.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using testing::run_nodes;
using testing::short_node_run;
using testing::tiny_workload;
using Models = std::vector<std::vector<double>>;

constexpr std::size_t dimension = 3;

Models random_models(std::uint32_t nodes, std::uint64_t seed) {
  Models models(nodes, std::vector<double>(dimension));
  DrawStream stream(static_cast<Stream>(1000), {seed, 0, 0});
  for (auto& model : models) {
    for (double& x : model) x = stream.normal();
  }
  return models;
}

Models mixed(const std::string& mixing, const Topology& topology, Models models,
             std::size_t rounds) {
  const auto mix = make_mixing<double>(mixing, {dimension, dimension, 1}, topology);
  for (std::size_t round = 0; round < rounds; ++round) {
    Models next = models;
    for (WorkerId node = 0; node < topology.nodes(); ++node) {
      Payloads<double> received;
      for (const WorkerId other : topology.neighbours[node]) received.push_back(models[other]);
      mix->mix(node, models[node], received, next[node]);
    }
    models = next;
  }
  return models;
}

double spread(const Models& models) {
  double most = 0;
  for (const auto& model : models) {
    for (std::size_t i = 0; i < dimension; ++i) {
      most = std::max(most, std::abs(model[i] - models[0][i]));
    }
  }
  return most;
}

TEST_CASE("weights alone make all models equal: metropolis the mean, uniform by degrees") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const Topology topology =
        make_topology("random(p=0.5, seed=" + std::to_string(seed % 1000) + ")", 10);
    const Models start = random_models(10, seed);
    const Models metropolis = mixed("metropolis", topology, start, 400);
    RC_ASSERT(spread(metropolis) < 1e-9);
    const auto mean = testing::mean_model(start);
    const Models uniform = mixed("uniform", topology, start, 400);
    RC_ASSERT(spread(uniform) < 1e-9);
    for (std::size_t i = 0; i < dimension; ++i) {
      RC_ASSERT(std::abs(metropolis[0][i] - mean[i]) < 1e-9);
      double weighted = 0;
      double weights = 0;
      for (WorkerId node = 0; node < 10; ++node) {
        const auto weight = static_cast<double>(topology.degree(node) + 1);
        weighted += weight * start[node][i];
        weights += weight;
      }
      RC_ASSERT(std::abs(uniform[0][i] - weighted / weights) < 1e-9);
    }
  }));
}

TEST_CASE("trimmed means make all models equal where nodes have neighbours enough") {
  CHECK(rc::check([] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const Topology topology = make_topology("complete", 9);
    RC_ASSERT(spread(mixed("trimmed-mean(b=2)", topology, random_models(9, seed), 200)) < 1e-9);
  }));
}

TEST_CASE("nodes agree again once they stop learning") {
  for (const char* method :
       {"dgd(topology=ring)", "ad-psgd(topology=ring)", "bridge(b=1, topology=complete)"}) {
    CAPTURE(method);
    RunConfig config = short_node_run(method);
    config.stop.updates = 1500;
    config.stop.evaluate_every = 0;
    config.optimizer.schedule = "step(every=15, gamma=1e-30)";
    const auto run = run_nodes<double>(config, tiny_workload<double>("softmax(lambda=0.01)"));
    CHECK(run.result.worst[1].disagreement > 1e-4);
    CHECK(run.result.worst.back().disagreement < 1e-9);
    CHECK(run.result.run.final_metrics->test_error < 0.2);
    CHECK(run.result.final_worst->metrics.test_error ==
          doctest::Approx(run.result.run.final_metrics->test_error));
  }
}

}  // namespace
}  // namespace syncline
