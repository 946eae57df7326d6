#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "delay/fleet_laws.hpp"
#include "syncline/delay_law.hpp"

namespace syncline::testing {
namespace {

constexpr std::uint64_t seed = 20031057;
constexpr double tolerance = 4.5;  // standard errors: seven in a million, for fixed seeds

std::vector<double> draw(const DelayLaw& law, std::size_t count) {
  std::vector<double> values;
  values.reserve(count);
  // Jobs of many workers, as a fleet draws them.
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(law.sample({seed, static_cast<std::uint32_t>(i % 50), i / 50}));
  }
  return values;
}

/// The laws that draw; service-times only reads its list.
std::vector<std::string> random_laws(const FleetLaws& laws) {
  std::vector<std::string> texts;
  for (const auto& text : laws.texts()) {
    if (text.rfind("service-times", 0) != 0) texts.push_back(text);
  }
  return texts;
}

/// Kolmogorov's distance, right also where the law has atoms: at each step of the sample both
/// functions are compared at the step and just before it.
double kolmogorov_distance(const DelayLaw& law, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double distance = 0;
  for (std::size_t begin = 0; begin < values.size();) {
    std::size_t end = begin;
    while (end < values.size() && values[end] == values[begin]) ++end;
    const double x = values[begin];
    const double before = law.cdf(std::nextafter(x, 0.0));
    distance = std::max({distance, std::fabs(static_cast<double>(begin) / n - before),
                         std::fabs(static_cast<double>(end) / n - law.cdf(x))});
    begin = end;
  }
  return distance;
}

TEST_CASE("draws of a law, 200,000 of them, have its mean and variance") {
  const FleetLaws laws;
  for (const auto& text : random_laws(laws)) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    if (std::isinf(law->mean())) continue;
    const auto values = draw(*law, 200000);
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double x : values) sum += x;
    if (std::isinf(law->variance())) continue;
    CHECK(std::fabs(sum / n - law->mean()) <= tolerance * std::sqrt(law->variance() / n) + 1e-12);
    // The standard error of a variance needs the fourth moment, which this law lacks.
    if (text == "pareto(scale=1, shape=2.5)") continue;
    double second = 0;
    double fourth = 0;
    for (const double x : values) {
      const double square = (x - law->mean()) * (x - law->mean());
      second += square / n;
      fourth += square * square / n;
    }
    const double error = std::sqrt(std::max(0.0, fourth - second * second) / n);
    CHECK(std::fabs(second - law->variance()) <= tolerance * error + 1e-12);
  }
}

TEST_CASE("draws of a law, 100,000 of them, follow its cdf by Kolmogorov's test") {
  const FleetLaws laws;
  const double n = 100000;
  // P(D sqrt(n) > c) = 2 exp(-2 c^2) in the limit (an upper bound where there are atoms): the same
  // seven in a million.
  const double critical = std::sqrt(std::log(2 / 6.8e-6) / 2 / n);
  for (const auto& text : random_laws(laws)) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    CHECK(kolmogorov_distance(*law, draw(*law, static_cast<std::size_t>(n))) < critical);
  }
}

TEST_CASE("Kolmogorov's test, given draws of a law five hundredths off, tells them apart") {
  const auto law = make_delay_law("exponential(rate=1)");
  const auto other = make_delay_law("exponential(rate=1.05)");
  CHECK(kolmogorov_distance(*law, draw(*other, 100000)) > std::sqrt(std::log(2 / 6.8e-6) / 2e5));
}

TEST_CASE("draws of neighbouring workers and jobs are uncorrelated") {
  const auto law = make_delay_law("exponential(rate=1)");
  const std::uint64_t n = 100000;
  double by_job = 0;
  double by_worker = 0;
  double by_seed = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto worker = static_cast<std::uint32_t>(i);
    const auto centred = [&](const DrawKey& key) { return law->sample(key) - 1; };
    by_job += centred({seed, 3, 2 * i}) * centred({seed, 3, 2 * i + 1});
    by_worker += centred({seed, worker, 5}) * centred({seed, worker + 1, 5});
    by_seed += centred({i, 0, 0}) * centred({i + 1, 0, 0});
  }
  // Each product of independent centred draws of variance 1 has variance 1.
  const double limit = tolerance * std::sqrt(static_cast<double>(n));
  CHECK(std::fabs(by_job) < limit);
  CHECK(std::fabs(by_worker) < limit);
  CHECK(std::fabs(by_seed) < limit);
}

}  // namespace
}  // namespace syncline::testing
