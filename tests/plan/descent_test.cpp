// The planner's two ways to look ahead: expected descent by recursion, and simulated descent. The
// one is checked against closed forms, the other against the one.

#include <cmath>

#include <doctest/doctest.h>

#include "base/summary.hpp"
#include "plan/expected_descent.hpp"
#include "plan/models.hpp"
#include "plan/simulated_descent.hpp"

namespace syncline {
namespace {

using testing::small_model;

std::shared_ptr<const FleetTiming> fleet(std::uint32_t workers, const std::string& delay) {
  FleetConfig config;
  config.workers = workers;
  config.delay = delay;
  return std::make_shared<const FleetTiming>(config, 0);
}

std::vector<double> geometric(double p, std::size_t length) {
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t s = 0; s < length; ++s) {
    shares.push_back(p * std::pow(1 - p, static_cast<double>(s)));
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

TEST_CASE("expected descent without staleness is the closed form of SGD on a quadratic") {
  const QuadraticModel model = small_model(0.7);
  const double eta = 0.4;
  const double k = 3;
  const ExpectedDescent descent(model, eta, k, {1.0});
  CHECK(descent.stable());
  for (const double n : {0.0, 1.0, 7.0, 40.0, 200.0, 3000.0}) {
    double expected = 0;
    for (const Mode& mode : model.modes) {
      const double shrink = std::pow(1 - eta * mode.curvature, 2 * n);
      const double noise = eta * eta * mode.noise * mode.noise / k * (1 - shrink) /
                           (1 - std::pow(1 - eta * mode.curvature, 2));
      expected += mode.curvature / 2 * (mode.start * mode.start * shrink + noise);
    }
    CHECK(descent.loss(n) == doctest::Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("expected descent, constant delay s: stable exactly below the known limit") {
  // w_{j+1} = w_j - a w_{j-s} is stable for 0 < a < 2 sin(pi / (2 (2 s + 1))) (Levin and May 1976).
  QuadraticModel model;
  model.modes = {{1, 1, 0}};
  for (const std::size_t s : {1U, 2U, 5U, 12U}) {
    std::vector<double> shares(s + 1);
    shares[s] = 1;
    const double limit = 2 * std::sin(M_PI / (2 * (2 * static_cast<double>(s) + 1)));
    CHECK(ExpectedDescent(model, 0.97 * limit, 1, shares).stable());
    CHECK_FALSE(ExpectedDescent(model, 1.03 * limit, 1, shares).stable());
  }
}

TEST_CASE(
    "expected descent, delays so long that updates are taken in blocks, agrees with the plain "
    "recursion") {
  QuadraticModel model;
  model.modes = {{1, 1, 0}};
  const double eta = 0.002;
  const std::vector<double> shares = geometric(1.0 / 100, 1500);
  std::vector<double> w = {1};
  for (std::size_t j = 0; j < 4000; ++j) {
    double pull = 0;
    for (std::size_t s = 0; s < shares.size(); ++s) pull += shares[s] * (s <= j ? w[j - s] : 1);
    w.push_back(w[j] - eta * pull);
  }
  const ExpectedDescent descent(model, eta, 1, shares);
  for (const std::size_t n : {200U, 500U, 1000U, 1500U}) {
    CHECK(descent.loss(static_cast<double>(n)) == doctest::Approx(w[n] * w[n] / 2).epsilon(0.05));
  }
}

TEST_CASE("updates to a target: the first at which the expected loss is there") {
  const ExpectedDescent descent(small_model(0.3), 0.3, 2, {1.0});
  for (const double target : {1.2, 0.7, 0.2}) {
    const auto updates = descent.updates_to(target, 1e6);
    REQUIRE(updates);
    CHECK(descent.loss(*updates) <= target);
    CHECK(descent.loss(*updates - 0.01) > target);
  }
  CHECK(descent.updates_to(descent.loss(0) + 1, 1e6) == 0);
  CHECK_FALSE(descent.updates_to(descent.floor() * 0.9, 1e6));
  CHECK_FALSE(descent.updates_to(0.2, 5));
}

/// Mean loss of simulated runs after n updates, against the expectation.
void check_against_simulation(const std::string& policy, std::uint32_t workers,
                              const std::string& delay, double k,
                              const std::vector<double>& staleness, double allowance) {
  CAPTURE(policy);
  const QuadraticModel model = small_model(0.8);
  const double eta = 0.08;
  const auto timing = fleet(workers, delay);
  const ExpectedDescent expected(model, eta, k, staleness);
  for (const std::uint64_t updates : {20U, 100U, 500U}) {
    std::vector<double> losses;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      DescentLimits limits;
      limits.updates = updates;
      losses.push_back(simulate_descent(model, policy, eta, timing, seed, limits).final_loss);
    }
    const Summary summary = summarise(losses);
    const double wanted = expected.loss(static_cast<double>(updates));
    CHECK(std::abs(summary.mean - wanted) <= 4.5 * summary.standard_error + allowance * wanted);
  }
}

TEST_CASE("simulated descent, mean over seeds, is the expected descent") {
  check_against_simulation("sync", 4, "exponential(rate=1)", 4, {1.0}, 1e-9);
  check_against_simulation("k-batch-sync(k=6)", 4, "lognormal(mu=0, sigma=1)", 6, {1.0}, 1e-9);
  // Independent delays are an approximation, and the first gradients are fresher than the rest.
  check_against_simulation("async", 8, "exponential(rate=1)", 1, geometric(1.0 / 8, 200), 0.02);
  check_against_simulation("k-async(k=2)", 8, "exponential(rate=1)", 2, geometric(0.25, 100), 0.02);
}

TEST_CASE(
    "simulated descent is a function of its arguments, ends where told, and sees divergence") {
  const QuadraticModel model = small_model(0.5);
  const auto timing = fleet(4, "exponential(rate=1)");
  DescentLimits limits;
  limits.updates = 300;
  const auto first = simulate_descent(model, "k-async(k=2)", 0.1, timing, 7, limits);
  const auto again = simulate_descent(model, "k-async(k=2)", 0.1, timing, 7, limits);
  CHECK(first.final_loss == again.final_loss);
  CHECK(first.elapsed == again.elapsed);
  CHECK(first.updates == 300);
  CHECK(first.curve == again.curve);

  limits.time = 3;
  CHECK(simulate_descent(model, "sync", 0.1, timing, 7, limits).elapsed <= 3);

  limits.time = 0;
  limits.target = 1.0;
  const auto aimed = simulate_descent(model, "sync", 0.1, timing, 7, limits);
  REQUIRE(aimed.target_time);
  CHECK(*aimed.target_time == aimed.elapsed);
  CHECK(aimed.final_loss <= 1.0);

  limits.target.reset();
  limits.updates = 100000;
  CHECK(simulate_descent(model, "sync", 5.0, timing, 7, limits).diverged);
}

TEST_CASE("simulated descent under adasync raises K as the loss falls") {
  DescentLimits limits;
  limits.updates = 3000;
  const auto result = simulate_descent(small_model(0.2), "adasync(base=k-sync, interval=5)", 0.3,
                                       fleet(8, "exponential(rate=1)"), 1, limits);
  REQUIRE(result.k.size() > 2);
  CHECK(result.k.front().second == 1);
  CHECK(result.k.back().second > 4);
}

TEST_CASE(
    "simulated descent under horizon goes on learning where stiff directions only fluctuate, and "
    "auto, which waits for them, comes later") {
  // In equilibrium the stiff direction gains what noise costs, far more than the slow one learns.
  QuadraticModel model;
  model.modes = {{1, 0, 1}, {0.01, 10, 0}};
  const auto timing = fleet(8, "exponential(rate=1)");
  DescentLimits limits;
  limits.updates = 100000;
  limits.target = 0.1;
  std::vector<double> ratios;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto time = [&](const std::string& policy) {
      const auto result = simulate_descent(model, policy, 0.1, timing, seed, limits);
      REQUIRE(result.target_time);
      CHECK(result.k.size() > 1);
      return *result.target_time;
    };
    ratios.push_back(std::log(time("horizon(base=k-sync)") / time("auto(base=k-sync)")));
  }
  const Summary summary = summarise(ratios);
  CAPTURE(summary.mean);
  CHECK(summary.mean + 3 * summary.standard_error < -0.1);
}

}  // namespace
}  // namespace syncline
