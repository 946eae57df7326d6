// DBW against K-sync with every fixed K, on a quadratic whose slope is large at first and then lost
// in noise.

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

constexpr double soon = 15;
constexpr double late = 120;
constexpr std::uint64_t seeds = 50;

struct Losses {
  std::vector<double> soon, late;  ///< by seed
};

Losses losses(const std::string& policy) {
  const auto workload =
      tiny_workload<double>("quadratic(dimension=50, condition=10, spectrum=linear, noise=6)");
  Losses losses;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    RunConfig config = short_run(policy);
    config.seed = seed;
    config.fleet.workers = 16;
    config.model.batch = 1;
    config.optimizer.step_size = 0.3;
    config.stop.updates = 0;
    config.stop.time = late;
    config.stop.evaluate_every = soon;
    const auto points = run<double>(config, workload).result.points;
    REQUIRE(points.size() == 9);
    losses.soon.push_back(points[1].metrics.train_loss);
    losses.late.push_back(points[8].metrics.train_loss);
  }
  return losses;
}

/// By how many standard errors a is below b: the same seeds, so the same machines and noise.
double lead(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(std::log(b[i] / a[i]));
  const Summary summary = summarise(differences);
  return summary.mean / summary.standard_error;
}

TEST_CASE("no fixed K is as good as dbw both soon and late") {
  const Losses dbw = losses("dbw");
  for (const std::uint64_t k : {1U, 2U, 4U, 8U, 12U, 16U}) {
    CAPTURE(k);
    const Losses fixed = losses("k-sync(rest=finish, k=" + std::to_string(k) + ")");
    CHECK(std::max(lead(dbw.soon, fixed.soon), lead(dbw.late, fixed.late)) > 3);
  }
}

}  // namespace
}  // namespace syncline
