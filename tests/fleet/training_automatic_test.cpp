// `auto` over all families in real runs: that it is worth having, that it says why, and that it
// depends on nothing but its configuration.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "base/summary.hpp"
#include "fleet/training_support.hpp"
#include "support/temporary_folder.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;

constexpr double longest = 4000;

/// Mean time until the loss is down for good, over the seeds; the end of the run where it is not.
double mean_time(const std::string& policy, const std::string& fleet, double step_size) {
  std::vector<double> times;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    RunConfig config = short_run(policy);
    config.seed = seed;
    config.fleet.workers = 8;
    config.fleet.delay = fleet;
    config.model.batch = 1;
    config.optimizer.step_size = step_size;
    config.stop.updates = 0;
    config.stop.time = longest;
    config.stop.evaluate_every = 2;
    config.stop.metric = "test_loss";
    config.stop.target = 0.01;
    const auto finished =
        run<double>(config, tiny_workload<double>("quadratic(dimension=20, condition=10)"));
    times.push_back(finished.result.target_time.value_or(longest));
  }
  return summarise(times).mean;
}

/// With the best step size of a grid: what the predicted times suppose.
double tuned_time(const std::string& policy, const std::string& fleet) {
  double best = longest;
  for (const double step_size : {0.0125, 0.025, 0.05, 0.1, 0.2, 0.4}) {
    best = std::min(best, mean_time(policy, fleet, step_size));
  }
  return best;
}

TEST_CASE(
    "auto, step sizes tuned, is near the best of its candidates on every fleet, unlike sync") {
  for (const std::string fleet :
       {"exponential(rate=1)", "4*exponential(rate=1),4*exponential(rate=0.2)",
        "7*exponential(rate=1),1*exponential(rate=0.01)", "lognormal(mu=0, sigma=2)"}) {
    CAPTURE(fleet);
    double best = longest;
    for (const char* policy : {"sync", "k-sync(k=1)", "k-sync(k=4)", "k-batch-sync(k=4)",
                               "ringmaster(limit=4)", "k-async(k=2)", "async"}) {
      best = std::min(best, tuned_time(policy, fleet));
    }
    const double own = tuned_time("auto", fleet);
    CAPTURE(own);
    CAPTURE(best);
    CHECK(own < 2 * best);
    CHECK(own < tuned_time("sync", fleet));
  }
}

TEST_CASE("auto, 1 and 3 threads, or stopped and resumed anywhere, notes and trains the same") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  RunConfig config = short_run("auto");
  config.stop.updates = 200;
  const auto whole = run<double>(config, workload);
  REQUIRE(whole.result.notes.size() >= 2);
  CHECK(whole.result.notes.front().second.find("predicted times") != std::string::npos);
  config.threads = 3;
  const auto threads = run<double>(config, workload);
  CHECK(same_bits(whole.state, threads.state));
  CHECK(whole.result.notes == threads.result.notes);
  for (const std::uint64_t stop_at : {1ULL, 9ULL, 50ULL, 101ULL}) {
    CAPTURE(stop_at);
    const TemporaryFolder folder;
    RunConfig part = config;
    part.checkpoint = (folder / "checkpoint").string();
    part.stop.updates = stop_at;
    run<double>(part, workload);
    part.resume = part.checkpoint;
    part.stop.updates = config.stop.updates;
    CHECK(same_bits(whole.state, run<double>(part, workload).state));
  }
}

TEST_CASE("auto, a model with unlike data, chooses among what lets all workers count alike") {
  RunConfig config = short_run("auto");
  config.fleet.delay = "3*exponential(rate=1),3*exponential(rate=0.2)";
  config.stop.updates = 100;
  config.model.workload = "quadratic(dimension=20, unlike=1, workers=6)";
  const auto finished = run<double>(config, tiny_workload<double>(config.model.workload));
  REQUIRE_FALSE(finished.result.notes.empty());
  CHECK(finished.result.notes.front().second.find("malenia") != std::string::npos);
  CHECK(finished.result.notes.front().second.find("async") == std::string::npos);
}

}  // namespace
}  // namespace syncline
