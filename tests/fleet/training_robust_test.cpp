// Faulty workers in whole runs: what they do to the mean, what robust rules make of them, and which
// combinations are refused.

#include <doctest/doctest.h>

#include "fleet/training/unlike_data.hpp"
#include "fleet/training_support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::short_run;
using testing::tiny_workload;

double final_error(const std::string& policy, const std::string& aggregator,
                   const std::string& attack) {
  RunConfig config = short_run(policy);
  config.fleet.workers = 8;
  config.stop.updates = 80;
  config.server.aggregator = aggregator;
  config.worker.attack = attack;
  const auto result = run<float>(config, tiny_workload<float>("softmax(lambda=0.01)")).result;
  return result.final_metrics ? result.final_metrics->test_error : 1;
}

TEST_CASE("two faulty workers of eight ruin the mean, and no robust rule") {
  CHECK(final_error("sync", "mean", "none") < 0.1);
  for (const char* attack : {"reversal(workers=2, scale=20)", "nan(workers=2)"}) {
    CAPTURE(attack);
    CHECK(final_error("sync", "mean", attack) > 0.4);
    for (const char* rule : {"median", "trimmed-mean(b=2)", "krum(b=2)", "multi-krum(b=2)",
                             "geometric-median", "centred-clipping(radius=1)"}) {
      CAPTURE(rule);
      CHECK(final_error("sync", rule, attack) < 0.2);
    }
  }
}

std::string refusal(const std::string& policy, const std::string& aggregator) {
  RunConfig config = short_run(policy);
  config.fleet.workers = 8;
  config.server.aggregator = aggregator;
  try {
    run<float>(config, tiny_workload<float>("quadratic(dimension=3)"));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a rule that can't work with a policy is refused, with the reason") {
  CHECK(refusal("k-sync(k=4)", "trimmed-mean(b=2)").find("it needs 5 gradients") !=
        std::string::npos);
  CHECK(refusal("async", "median").find("different workers") != std::string::npos);
  CHECK(refusal("k-batch-sync(k=8)", "krum(b=1)").find("different workers") != std::string::npos);
  CHECK(refusal("ringleader", "median").find("table") != std::string::npos);
  CHECK(refusal("fastest-k(start=2)", "krum(b=1)").find("only 2") != std::string::npos);
  CHECK(refusal("k-sync(k=5)", "trimmed-mean(b=2)").empty());
  CHECK(refusal("k-async(k=7)", "multi-krum(b=2)").empty());
}

TEST_CASE("unlike data on uneven workers are warned about under policies that follow speed") {
  RunConfig config = short_run("async");
  const auto warning = [&](const std::string& policy, const std::string& partition,
                           const std::string& delay, const char* workload) {
    config.policy = policy;
    config.model.partition = partition;
    config.model.workload = workload;
    config.fleet.delay = delay;
    PolicyContext context;
    context.workers = config.fleet.workers;
    return unlike_data_warning(config, make_policy(policy, context)->requirements(),
                               FleetTiming(config.fleet, 1))
        .value_or("");
  };
  const char* uneven = "3*exponential(rate=1),3*exponential(rate=5)";
  const std::string text = warning("async", "dirichlet(alpha=0.3)", uneven, "softmax");
  CHECK(text.find("dirichlet(alpha=0.3)") != std::string::npos);
  CHECK(text.find("ringleader") != std::string::npos);
  CHECK_FALSE(warning("k-sync(k=3)", "shards", uneven, "softmax").empty());
  CHECK_FALSE(warning("async", "iid", uneven, "quadratic(unlike=1, workers=6)").empty());
  CHECK(warning("async", "iid", uneven, "softmax").empty());
  CHECK(warning("async", "dirichlet(alpha=0.3)", "exponential(rate=1)", "softmax").empty());
  for (const char* policy : {"sync", "k-sync(k=6)", "malenia", "ringleader", "ia2sgd", "rescaled",
                             "fedavg", "adacomm"}) {
    CAPTURE(policy);
    CHECK(warning(policy, "dirichlet(alpha=0.3)", uneven, "softmax").empty());
  }
}

TEST_CASE("policies for unlike data end near the optimum, those that follow speed do not") {
  const auto excess = [](const char* policy) {
    RunConfig config = short_run(policy);
    config.fleet.delay = "3*exponential(rate=1),3*exponential(rate=8)";
    config.stop.updates = 6000;
    config.optimizer.step_size = 0.02;
    const auto workload =
        tiny_workload<double>("quadratic(dimension=4, condition=2, noise=0, unlike=1, workers=6)");
    return run<double>(config, workload).result.final_metrics->test_loss;
  };
  const double async = excess("async");
  for (const char* policy : {"sync", "malenia", "ringleader", "ia2sgd"}) {
    CAPTURE(policy);
    CHECK(excess(policy) < async / 10);
  }
}

}  // namespace
}  // namespace syncline
