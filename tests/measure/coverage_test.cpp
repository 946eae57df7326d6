#include <cmath>

#include <doctest/doctest.h>

#include "measure/intervals.hpp"
#include "measure/measured.hpp"
#include "measure/multiplicative.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using testing::covers;

/// How often intervals held the truth, against 95 % of the trials.
class Coverage {
 public:
  explicit Coverage(const char* what) : what_(what) {}

  void count(const MeasuredValue& measured, double truth) {
    ++trials_;
    if (covers(measured, truth)) ++hits_;
    sum_ += measured.value;
    sum_of_squares_ += measured.value * measured.value;
    truth_ = truth;
  }
  /// Within 4 standard errors of the binomial law; `slack` below it for what is approximate.
  void check(double slack = 0) const {
    const double share = hits_ / trials_;
    const double error = std::sqrt(0.95 * 0.05 / trials_);
    CAPTURE(what_);
    CAPTURE(share);
    CHECK(share > 0.95 - slack - 4 * error);
    CHECK(share < 0.95 + 4 * error);
  }
  void check_at_least() const {
    const double share = hits_ / trials_;
    CAPTURE(what_);
    CAPTURE(share);
    CHECK(share > 0.95 - 4 * std::sqrt(0.95 * 0.05 / trials_));
  }
  /// The values have the truth as their mean, within 4 standard errors.
  void check_unbiased() const {
    const double mean = sum_ / trials_;
    const double variance = sum_of_squares_ / trials_ - mean * mean;
    CAPTURE(what_);
    CAPTURE(mean);
    CAPTURE(truth_);
    CHECK(std::abs(mean - truth_) < 4 * std::sqrt(variance / trials_));
  }

 private:
  const char* what_;
  double trials_ = 0;
  double hits_ = 0;
  double sum_ = 0;
  double sum_of_squares_ = 0;
  double truth_ = 0;
};

TEST_CASE("interval of a mean, normal or skewed draws, holds the truth 95 times of 100") {
  Coverage normal("normal"), skewed("skewed");
  for (std::uint64_t trial = 0; trial < 4000; ++trial) {
    DrawStream stream(Stream::bootstrap, {7, 0, trial});
    Vector even, crooked;
    for (int i = 0; i < 24; ++i) {
      even.push_back(3 + 2 * stream.normal());
      const double z = stream.normal();
      crooked.push_back(z * z + std::pow(stream.normal(), 2));
    }
    normal.count(MeanOf(even).plain(), 3);
    skewed.count(MeanOf(crooked).logarithmic(), 2);
  }
  normal.check();
  skewed.check(0.02);
}

TEST_CASE("interval of a ratio of series, neighbours alike, holds the truth 95 times of 100") {
  Coverage coverage("ratio");
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    DrawStream stream(Stream::bootstrap, {8, 0, trial});
    Vector above, below;
    double slow = stream.normal();
    for (int i = 0; i < 800; ++i) {
      // Autocorrelation 0.8; the mean square is 1.
      slow = 0.8 * slow + 0.6 * stream.normal();
      below.push_back(slow * slow);
      above.push_back(0.5 * slow * slow + 0.5 * std::pow(stream.normal(), 2));
    }
    coverage.count(ratio_interval(above, below), 1);
  }
  coverage.check(0.02);
}

TEST_CASE("ratio of series too short for two batches is its value alone") {
  const MeasuredValue ratio = ratio_interval({3}, {4});
  CHECK(ratio.value == 0.75);
  CHECK(ratio.lower == 0.75);
  CHECK(ratio.upper == 0.75);
}

TEST_CASE("intervals of a workload of known constants, over many seeds, hold them") {
  const double sigma = 1.5, s = 2;
  double length2 = 0;
  for (std::size_t i = 0; i < testing::Multiplicative::size; ++i) {
    length2 += std::pow(testing::Multiplicative::eigenvalue(i), 2);
  }
  const auto workload = std::make_shared<const testing::Multiplicative>(sigma, s);
  Coverage gradient("gradient_norm2"), variance("sigma2"), slope("m_g"), smoothness("smoothness"),
      convexity("convexity");
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RunConfig config;
    config.seed = seed;
    config.threads = 1;
    config.model.batch = 8;
    const WorkloadConstants constants =
        measure_workload(workload, config, {.directions = 15, .samples = 512}, {});
    gradient.count(constants.gradient_norm2, length2);
    variance.count(constants.sigma2, sigma * sigma);
    slope.count(constants.m_g, s * s);
    smoothness.count(constants.smoothness, 1);
    REQUIRE(constants.convexity);
    convexity.count(*constants.convexity, 0.2);
  }
  gradient.check(0.02);
  gradient.check_unbiased();
  variance.check(0.02);
  // Squares of one normal draw each, the most skewed there are: 64 of them are few.
  slope.check(0.04);
  slope.check_unbiased();
  smoothness.check_at_least();
  convexity.check_at_least();
}

TEST_CASE("intervals from a part of the data, over many seeds, hold what all of them say") {
  // No spread at the start: all seeds measure at one point.
  RunConfig config = testing::config_of("softmax(lambda=0.01, init=0)");
  const WorkloadConstants all = testing::measured(config, {.directions = 195, .samples = 0});
  REQUIRE(all.gradient_norm2.lower == all.gradient_norm2.upper);
  Coverage smoothness("smoothness");
  for (std::uint64_t seed = 1; seed <= 120; ++seed) {
    config.seed = seed;
    const WorkloadConstants part = testing::measured(config, {.directions = 12, .samples = 80});
    smoothness.count(part.smoothness, all.smoothness.value);
  }
  smoothness.check_at_least();
  // Of most of the samples: what they share with all of them does not vary.
  Coverage gradient("gradient_norm2");
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    config.seed = seed;
    const WorkloadConstants part =
        testing::measured(config, {.gradients = 2, .directions = 1, .samples = 160});
    gradient.count(part.gradient_norm2, all.gradient_norm2.value);
  }
  gradient.check(0.02);
  gradient.check_unbiased();
}

}  // namespace
}  // namespace syncline
