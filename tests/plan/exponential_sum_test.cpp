#include "plan/exponential_sum.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/random.hpp"

namespace syncline {
namespace {

std::vector<double> evenly(double end, std::size_t points) {
  std::vector<double> x;
  for (std::size_t i = 0; i <= points; ++i) {
    x.push_back(end * static_cast<double>(i) / static_cast<double>(points));
  }
  return x;
}

TEST_CASE("exponential sum, points of a sum of exponentials, comes near it everywhere between") {
  rc::check([] {
    const double fast = *rc::gen::inRange(5, 50);
    const double slow = *rc::gen::inRange(2, 20) / 10.0;
    const double floor = *rc::gen::inRange(0, 10) / 10.0;
    const auto truth = [&](double x) {
      return floor + 2 * std::exp(-fast * x) + std::exp(-slow * x);
    };
    const std::vector<double> x = evenly(2, 60);
    std::vector<double> y;
    for (const double at : x) y.push_back(truth(at));
    const ExponentialSum sum = fit_exponential_sum(x, y);
    for (const double weight : sum.weights) RC_ASSERT(weight >= 0);
    for (const double at : evenly(2, 97)) {
      RC_ASSERT(std::abs(sum(at) - truth(at)) <= 0.02 * (truth(0) - truth(2)));
    }
  });
}

TEST_CASE("exponential sum, noisy points, averages the noise away") {
  const std::vector<double> x = evenly(1, 200);
  std::vector<double> y;
  DrawStream draws(Stream::bootstrap, {1, 0, 0});
  for (const double at : x) y.push_back(std::exp(-4 * at) + 0.05 * draws.normal());
  const ExponentialSum sum = fit_exponential_sum(x, y);
  // Some four weights are free: the error of a fitted value is near sigma sqrt(4 / 200).
  for (const double at : {0.1, 0.5, 0.9}) {
    CHECK(std::abs(sum(at) - std::exp(-4 * at)) <= 4.5 * 0.05 * std::sqrt(4.0 / 200));
  }
}

TEST_CASE("exponential sum never rises") {
  rc::check([] {
    std::vector<double> y;
    for (int i = 0; i <= 20; ++i) y.push_back(*rc::gen::inRange(0, 1000) / 1000.0);
    const ExponentialSum sum = fit_exponential_sum(evenly(3, 20), y);
    for (double at = 0; at < 3; at += 0.1) RC_ASSERT(sum(at + 0.1) <= sum(at) + 1e-12);
  });
}

}  // namespace
}  // namespace syncline
