// Algorithms of local steps: what they must equal where two of them meet, and their formulas by
// hand.

#include <cmath>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::short_run;
using testing::tiny_workload;

constexpr const char* noise_free = "quadratic(dimension=6, noise=0)";

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

std::vector<double> trained(const std::string& policy, const char* workload, std::uint64_t updates,
                            double decay = 0) {
  RunConfig config = short_run(policy);
  config.stop.updates = updates;
  config.optimizer.weight_decay = decay;
  return run<double>(config, tiny_workload<double>(workload)).state;
}

TEST_CASE("fedavg with one local step is sync, weight decay included") {
  for (const double decay : {0.0, 0.1}) {
    CHECK(largest_difference(trained("fedavg(steps=1)", "softmax(lambda=0.01)", 30, decay),
                             trained("sync", "softmax(lambda=0.01)", 30, decay)) <= 1e-12);
  }
}

TEST_CASE("fedavg without noise is as many steps of gradient descent") {
  const auto federated = trained("fedavg(steps=5)", noise_free, 8);
  CHECK(largest_difference(federated, trained("sync", noise_free, 40)) <= 1e-12);
}

TEST_CASE("stsyn that waits for all, and allows no more steps, is fedavg") {
  const std::uint32_t workers = short_run("sync").fleet.workers;
  const std::string text = "stsyn(steps=3, cap=3, k=" + std::to_string(workers) + ")";
  CHECK(largest_difference(trained(text, "softmax(lambda=0.01)", 20),
                           trained("fedavg(steps=3)", "softmax(lambda=0.01)", 20)) <= 1e-12);
}

TEST_CASE("without noise the variance of gradients is 0, and fedlomo is fedavg") {
  CHECK(largest_difference(trained("fedlomo(steps=4)", noise_free, 8),
                           trained("fedavg(steps=4)", noise_free, 8)) <= 1e-12);
}

TEST_CASE("fedglomo with beta 1 is fedlomo") {
  CHECK(largest_difference(trained("fedglomo(steps=4, beta=1, damping=0.7)", noise_free, 8),
                           trained("fedlomo(steps=4, damping=0.7)", noise_free, 8)) <= 1e-12);
}

TEST_CASE("fedglomo without noise follows its recursion, by hand") {
  // One coordinate with a = 1: E steps multiply it by c = (1 - eta)^E, so d = (1 - c) w.
  RunConfig config = short_run("fedglomo(steps=3, beta=0.3)");
  config.fleet.workers = 2;
  config.stop.updates = 12;
  const auto state =
      run<double>(config, tiny_workload<double>("quadratic(dimension=1, noise=0, start=2)")).state;
  const double c = std::pow(1 - config.optimizer.step_size, 3);
  double now = 2, before = 2, u = 0;
  for (int k = 0; k < 12; ++k) {
    const double d = (1 - c) * now;
    const double e = d - (1 - c) * before;
    u = k == 0 ? d : 0.3 * d + 0.7 * u + 0.7 * e;
    before = now;
    now -= u;
  }
  CHECK(state[0] == doctest::Approx(now).epsilon(1e-12));
}

TEST_CASE("a job of fedglomo takes the time of all its gradients: 4 E - 2; fedlomo's, 2 E - 1") {
  for (const auto& [policy, gradients] : {std::pair{"fedavg(steps=5)", 5.0},
                                          {"fedlomo(steps=5)", 9.0},
                                          {"fedglomo(steps=5)", 18.0}}) {
    RunConfig config = short_run(policy);
    config.fleet.delay = "constant(value=2)";
    config.stop.updates = 3;
    CHECK(run<double>(config, tiny_workload<double>(noise_free)).result.elapsed ==
          3 * gradients * 2);
  }
}

TEST_CASE("fedasync that mixes in everything ends where the last worker is") {
  // alpha = 1 without damping by staleness: w <- y, whatever w was.
  RunConfig config = short_run("fedasync(mixing=1, exponent=0, steps=2)");
  config.fleet.workers = 1;
  config.stop.updates = 10;
  const auto alone = run<double>(config, tiny_workload<double>(noise_free)).state;
  CHECK(largest_difference(alone, trained("sync", noise_free, 20)) <= 1e-12);
}

TEST_CASE("fedbuff with one step and no staleness weight is k-batch-async") {
  CHECK(largest_difference(trained("fedbuff(buffer=3, steps=1, exponent=0)", noise_free, 30),
                           trained("k-batch-async(k=3)", noise_free, 30)) <= 1e-12);
}

TEST_CASE("throttle that counts only first gradients takes the steps of sync, to rounding") {
  // 6 workers: each round of throttle is 6 or more steps, which together are one of sync.
  RunConfig config = short_run("throttle(q=1e300)");
  config.fleet.delay = "constant(value=1)";
  config.stop.updates = 60;
  const auto rounds = run<double>(config, tiny_workload<double>(noise_free)).state;
  CHECK(largest_difference(rounds, trained("sync", noise_free, 10)) <= 1e-12);
}

TEST_CASE("gradient coding takes exactly the steps of sync on all parts, whoever is late") {
  // With constant times every round of sync takes mini-batch k of everybody at version k, and so
  // does coding, by construction, whatever its own times are.
  RunConfig config = short_run("sync");
  config.fleet.delay = "constant(value=1)";
  config.stop.updates = 20;
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  const auto sync = run<double>(config, workload).state;
  config.fleet.delay = "exponential(rate=1)";
  for (const char* policy : {"gradient-coding(stragglers=1)", "gradient-coding(stragglers=2)"}) {
    CAPTURE(policy);
    config.policy = policy;
    CHECK(largest_difference(run<double>(config, workload).state, sync) <= 1e-12);
  }
  // Decoding loses a digit or two: the condition of these codes is at most 100.
  for (const char* stragglers : {"0", "1", "2", "3", "4", "5"}) {
    CAPTURE(stragglers);
    config.policy = std::string("gradient-coding(code=cyclic, stragglers=") + stragglers + ")";
    CHECK(largest_difference(run<double>(config, workload).state, sync) <= 1e-9);
  }
}

TEST_CASE("cyclic gradient coding, payloads treated one by one, is refused") {
  for (const char* setting : {"transform", "clip", "aggregator"}) {
    CAPTURE(setting);
    RunConfig config = short_run("gradient-coding(code=cyclic)");
    if (setting == std::string("transform")) config.server.transform = "clip(norm=1)";
    if (setting == std::string("clip")) config.optimizer.clip = 1;
    if (setting == std::string("aggregator")) config.server.aggregator = "median";
    CHECK_THROWS_AS(run<double>(config, tiny_workload<double>(noise_free)), ConfigError);
  }
}

TEST_CASE("two workers with one batch each and unlike damping show that damping is used") {
  const auto full = trained("fedlomo(steps=4, damping=1)", "softmax(lambda=0.01)", 5);
  const auto damped = trained("fedlomo(steps=4, damping=0.5)", "softmax(lambda=0.01)", 5);
  CHECK(largest_difference(full, damped) > 1e-6);
}

TEST_CASE("adacomm takes ever fewer steps, down to one") {
  RunConfig config = short_run("adacomm(steps=16, interval=5)");
  config.optimizer.step_size = 0.01;
  config.stop.updates = 40;
  TrainingRun<double> training(config, tiny_workload<double>("softmax(lambda=0.01)"),
                               testing::timing_of(config));
  const auto result = training.run({});
  CHECK(result.updates == 40);
  // 16 steps a round at first; 40 rounds of 16 would be 640 gradients of each worker.
  CHECK(result.elapsed < 300);
}

TEST_CASE("a policy that brings its own optimizer or transform refuses another") {
  RunConfig config = short_run("fedglomo");
  config.optimizer.name = "adam";
  CHECK_THROWS_WITH_AS(run<double>(config, tiny_workload<double>(noise_free)),
                       doctest::Contains("brings its own, global-momentum"), ConfigError);
  config = short_run("clipped-asgd");
  config.server.transform = "clip(norm=1)";
  CHECK_THROWS_WITH_AS(run<double>(config, tiny_workload<double>(noise_free)),
                       doctest::Contains("brings its own, median-clip"), ConfigError);
}

}  // namespace
}  // namespace syncline
