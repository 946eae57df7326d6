// That the policies named `auto` are worth having: the times of many runs, for the optimised build.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "base/summary.hpp"
#include "fleet/training_support.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::short_run;
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

/// Time until the loss is down for good (the median rule of evaluations), or the end of the run.
double time_to_target(const std::string& policy, std::uint64_t seed, double target) {
  RunConfig config = short_run(policy);
  config.seed = seed;
  config.fleet.workers = 8;
  config.fleet.delay = "4*exponential(rate=1),4*exponential(rate=0.2)";
  config.model.batch = 1;
  config.stop.updates = 0;
  config.stop.time = 3000;
  config.stop.evaluate_every = 1.5;
  config.stop.metric = "test_loss";
  config.stop.target = target;
  const auto finished =
      run<double>(config, tiny_workload<double>("quadratic(dimension=100, condition=10)"));
  return finished.result.target_time.value_or(config.stop.time);
}

TEST_CASE("auto in a race, uneven workers, is faster than the middle fixed K and near the best") {
  constexpr std::uint64_t seeds = 5;
  for (const std::string base : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
    for (const double target : {0.05, 0.005}) {
      CAPTURE(base);
      CAPTURE(target);
      std::vector<double> to_middle, to_best;
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        std::vector<double> fixed;
        for (const int k : {1, 2, 4, 6, 8}) {
          fixed.push_back(time_to_target(base + "(k=" + std::to_string(k) + ")", seed, target));
        }
        std::sort(fixed.begin(), fixed.end());
        const double own = time_to_target("auto(base=" + base + ")", seed, target);
        to_middle.push_back(std::log(own / fixed[2]));
        to_best.push_back(std::log(own / fixed[0]));
      }
      const Summary middle = summarise(to_middle);
      const Summary best = summarise(to_best);
      CHECK(middle.mean + 2.8 * middle.standard_error < 0);
      CHECK(best.mean - 2.8 * best.standard_error < std::log(1.25));
    }
  }
}

}  // namespace
}  // namespace syncline
