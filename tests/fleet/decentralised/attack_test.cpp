// Faulty nodes: what they do to plain averaging, and what screens make of them.

#include <doctest/doctest.h>

#include "fleet/decentralised/support.hpp"

namespace syncline {
namespace {

using testing::run_nodes;
using testing::short_node_run;
using testing::tiny_workload;

/// Test error of the worst honest node of twelve; 1 if they diverge.
double worst_error(const std::string& method, const std::string& attack = "none") {
  RunConfig config = short_node_run(method);
  config.fleet.workers = 12;
  config.stop.updates = 60;
  config.worker.attack = attack;
  const auto result = run_nodes<float>(config, tiny_workload<float>("softmax(lambda=0.01)")).result;
  return result.final_worst ? result.final_worst->metrics.test_error : 1;
}

TEST_CASE("two faulty nodes of twelve ruin dgd, and no screen") {
  CHECK(worst_error("dgd(topology=complete)") < 0.05);
  for (const char* attack :
       {"reversal(workers=2, scale=20)", "random(workers=2, deviation=10)", "nan(workers=2)"}) {
    CAPTURE(attack);
    CHECK(worst_error("dgd(topology=complete)", attack) > 0.3);
    for (const char* screen : {"trimmed-mean", "median", "krum", "bulyan"}) {
      CAPTURE(screen);
      const std::string method = "bridge(b=2, topology=complete, screen=" + std::string(screen);
      CHECK(worst_error(method + ")", attack) < 0.1);
    }
  }
}

TEST_CASE("so do models of uniform numbers") {
  const std::string topology = "topology=random(p=0.8)";
  const std::string faulty = ", faulty=uniform(workers=2, low=-40, high=0)";
  const double fault_free = worst_error("dgd(" + topology + ")");
  CHECK(worst_error("dgd(" + topology + faulty + ")") > fault_free + 0.2);
  CHECK(worst_error("bridge(b=2, " + topology + faulty + ")") < fault_free + 0.02);
}

TEST_CASE("an attack that knows what the honest send can be borne, too") {
  for (const char* attack : {"a-little-is-enough(workers=2)", "inner-product(workers=2)"}) {
    CAPTURE(attack);
    CHECK(worst_error("bridge(b=2, topology=complete)", attack) < 0.1);
  }
}

TEST_CASE("ad-psgd bears no faulty node") {
  CHECK(worst_error("ad-psgd(topology=complete)") < 0.3);
  CHECK(worst_error("ad-psgd(topology=complete)", "nan(workers=1)") == 1);
}

}  // namespace
}  // namespace syncline
