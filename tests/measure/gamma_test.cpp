#include <doctest/doctest.h>

#include "measure/intervals.hpp"
#include "measure/measured.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::config_of;
using testing::covers;
using testing::measured;

/// A fleet of 8 on a quadratic of one eigenvalue, from its minimum: at the noise floor at once.
RunConfig at_the_floor(const std::string& policy, double step_size) {
  RunConfig config = config_of("quadratic(dimension=40, spectrum=constant, start=0)");
  config.policy = policy;
  config.fleet.workers = 8;
  config.optimizer.step_size = step_size;
  config.stop.evaluation_samples = 1;
  return config;
}

MeasuredValue gamma_of(const RunConfig& config, const MeasureSettings& settings) {
  const auto gamma = measured(config, settings).gamma;
  REQUIRE(gamma);
  return *gamma;
}

/// gamma of async with exponential times on a quadratic of one eigenvalue 1, at the noise floor.
/// The staleness s is geometric with mean P - 1, so that with the stationary autocovariance r of w
///   gamma = 2 (1 - sum_s p(s) r(s) / r(0)).
/// u_j = sum_s p(s) w_(j-s) follows u' = q w' + (1 - q) u with q = 1 / P, and in the mean
/// w' = w - eta u: the stationary covariance of the pair (w, u) says it all, as E[w u] is that sum.
double predicted_gamma(double eta, double workers) {
  const double q = 1 / workers;
  const double a11 = 1, a12 = -eta, a21 = q, a22 = 1 - q - q * eta;
  double s11 = 1, s12 = 0, s22 = 0;  // in units of the noise that a step adds
  for (int i = 0; i < 200000; ++i) {
    const double t11 = a11 * a11 * s11 + 2 * a11 * a12 * s12 + a12 * a12 * s22 + 1;
    const double t12 = a11 * a21 * s11 + (a11 * a22 + a12 * a21) * s12 + a12 * a22 * s22 + q;
    const double t22 = a21 * a21 * s11 + 2 * a21 * a22 * s12 + a22 * a22 * s22 + q * q;
    s11 = t11, s12 = t12, s22 = t22;
  }
  return 2 * (1 - s12 / s11);
}

TEST_CASE("gamma of async at the noise floor is somewhat less than 2 eta c (P - 1)") {
  for (const double rule_of_thumb : {0.12, 0.48}) {
    CAPTURE(rule_of_thumb);
    const double eta = rule_of_thumb / 14;
    const MeasuredValue gamma =
        gamma_of(at_the_floor("async", eta), {.window = 20000, .warmup = 2000});
    const double predicted = predicted_gamma(eta, 8);
    CHECK(predicted < rule_of_thumb);
    CHECK(predicted > 0.7 * rule_of_thumb);
    CHECK(covers(gamma, predicted));
    CHECK(gamma.upper - gamma.lower < 0.3 * predicted);
  }
}

TEST_CASE("gamma of the sync family is 0 exactly") {
  for (const char* policy : {"sync", "k-sync(k=3)", "k-batch-sync(k=12)"}) {
    const MeasuredValue gamma = gamma_of(at_the_floor(policy, 0.05), {.window = 100, .warmup = 10});
    CHECK(gamma.value == 0);
    CHECK(gamma.upper == 0);
  }
}

TEST_CASE("gamma of more synchrony is smaller: async above k-async(2) above k-async(4)") {
  double last = 1e9;
  for (const char* policy : {"async", "k-async(k=2)", "k-async(k=4)"}) {
    const MeasuredValue gamma =
        gamma_of(at_the_floor(policy, 0.02), {.window = 10000, .warmup = 1000});
    CHECK(gamma.upper < last);
    last = gamma.lower;
  }
}

TEST_CASE("gamma on data, from all samples, is the same on one thread and on three") {
  RunConfig config = config_of("softmax(lambda=0.01)");
  config.policy = "k-batch-async(k=3)";
  config.fleet.workers = 5;
  config.stop.evaluation_samples = 30;
  const MeasuredValue one = gamma_of(config, {.samples = 60, .window = 40});
  config.threads = 3;
  const MeasuredValue three = gamma_of(config, {.samples = 60, .window = 40});
  CHECK(one.value == three.value);
  CHECK(one.lower == three.lower);
  CHECK(one.value > 0);
}

TEST_CASE("gamma on a part of the data, over many seeds, is that on all of them in the mean") {
  Vector ratios;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    RunConfig config = config_of("softmax(lambda=0.01)", seed);
    config.policy = "async";
    config.fleet.workers = 5;
    config.stop.evaluation_samples = 1;
    const MeasureSettings all{
        .gradients = 2, .directions = 1, .samples = 0, .window = 10, .warmup = 30};
    MeasureSettings part = all;
    part.samples = 60;
    ratios.push_back(std::log(gamma_of(config, part).value / gamma_of(config, all).value));
  }
  const MeanOf ratio(ratios);
  CHECK(std::abs(ratio.mean) < 4 * ratio.error);
  CHECK(ratio.error < 0.05);
}

TEST_CASE("gamma where the gradient stays 0 has no value") {
  RunConfig config = config_of("quadratic(dimension=5, noise=0, start=0)");
  config.policy = "async";
  CHECK_FALSE(measured(config, {.window = 50}).gamma);
}

TEST_CASE("gamma of a run that diverges is refused with the step size to mend") {
  RunConfig config = config_of("quadratic(dimension=5)");
  config.policy = "async";
  config.optimizer.step_size = 100;
  CHECK_THROWS_WITH_AS(static_cast<void>(measured(config, {.window = 5000})),
                       doctest::Contains("diverged"), ConfigError);
}

}  // namespace
}  // namespace syncline
