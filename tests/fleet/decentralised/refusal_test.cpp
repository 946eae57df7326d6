// Configurations that can't be run, and how they are refused.

#include <functional>

#include <doctest/doctest.h>

#include "fleet/decentralised/support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::short_node_run;
using testing::tiny_workload;

std::string refusal(
    const std::string& method, const std::function<void(RunConfig&)>& change = [](RunConfig&) {}) {
  RunConfig config = short_node_run(method);
  change(config);
  try {
    const DecentralisedRun<float> run(config, tiny_workload<float>("softmax(lambda=0.01)"));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const char* part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("a node with too few neighbours for its screen is refused") {
  CHECK(says(refusal("bridge(b=1, topology=ring)"), "node 0 has 2 neighbours"));
  CHECK(says(refusal("bridge(b=1, topology=ring)"), "every node needs 3"));
  CHECK(says(refusal("bridge(screen=krum, b=2, topology=complete)"), "needs 7"));
  CHECK(says(refusal("bridge(screen=bulyan, b=2, topology=complete)"), "needs 9"));
  CHECK(says(refusal("bridge(b=2)", [](RunConfig& config) { config.fleet.workers = 5; }),
             "at least 5 neighbours each"));
  CHECK(refusal("bridge(b=2, topology=complete)").empty());
}

TEST_CASE("wrong methods are refused") {
  CHECK(says(refusal("dgb"), "did you mean 'dgd'"));
  CHECK(says(refusal("dgd(weights=mine)"), "metropolis or uniform"));
  CHECK(says(refusal("bridge(screen=uniform)"), "dgd(weights=uniform)"));
  CHECK(says(refusal("bridge(screen=mean)"), "unknown screen"));
  CHECK(says(refusal("dgd(faulty=nonsense)"), "unknown faulty node"));
  CHECK(says(refusal("dgd(faulty=uniform(workers=6))"), "all 6 nodes are faulty"));
  CHECK(says(refusal("dgd(faulty=uniform(low=1))"), "above low"));
}

TEST_CASE("settings of a server are refused") {
  const auto with = [](auto&& change) { return refusal("dgd", change); };
  CHECK(says(with([](RunConfig& c) { c.optimizer.name = "adam"; }), "optimizer.name"));
  CHECK(says(with([](RunConfig& c) { c.server.aggregator = "median"; }), "has no server"));
  CHECK(says(with([](RunConfig& c) { c.server.transform = "clip(norm=1)"; }), "transform"));
  CHECK(says(with([](RunConfig& c) { c.worker.codec = "fp16"; }), "worker.codec"));
  CHECK(says(with([](RunConfig& c) { c.checkpoint = "x"; }), "leave it empty"));
  CHECK(says(with([](RunConfig& c) { c.fleet.server_bandwidth = 1; }), "fleet.bandwidth"));
  CHECK(says(with([](RunConfig& c) { c.stop.updates = 0; }), "never end"));
  CHECK(says(with([](RunConfig& c) { c.optimizer.step_size = 0; }), "step_size"));
  CHECK(says(refusal("dgd(faulty=uniform)", [](RunConfig& c) { c.worker.attack = "sign-flip"; }),
             "one of them"));
}

TEST_CASE("policies with a server are no node methods") {
  CHECK(is_node_method("bridge(b=1)"));
  CHECK(!is_node_method("k-sync(k=4)"));
  for (const auto& entry : node_methods().entries()) {
    CAPTURE(entry.name);
    CHECK(make_node_method(entry.name).neighbours >= 1);
    const auto policy_names = policies().names();
    CHECK(std::count(policy_names.begin(), policy_names.end(), entry.name) == 0);
  }
}

}  // namespace
}  // namespace syncline
