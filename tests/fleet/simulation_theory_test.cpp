// Runtimes and staleness against the theory: closed forms, orderings by ageing class and the
// distributions that are known exactly (paper.md sections 2 and 3).

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/simulation_support.hpp"
#include "support/chi_square.hpp"
#include "syncline/random.hpp"
#include "syncline/simulate.hpp"

namespace syncline {
namespace {

using testing::allowed_errors;
using testing::runtime;

std::string with_k(const char* name, std::uint64_t k) {
  return std::string(name) + "(k=" + std::to_string(k) + ")";
}

/// H_P - H_{P-K}: the K-th of P exponential times of mean 1.
double harmonic(std::uint64_t p, std::uint64_t k) {
  double sum = 0;
  for (std::uint64_t i = p - k + 1; i <= p; ++i) sum += 1 / static_cast<double>(i);
  return sum;
}

/// The K-th of P Pareto(shape, 1) times.
double pareto_order(double p, double k, double shape) {
  return std::exp(std::lgamma(p + 1) + std::lgamma(p - k + 1 - 1 / shape) - std::lgamma(p - k + 1) -
                  std::lgamma(p + 1 - 1 / shape));
}

void check_runtime(const std::string& policy, const std::string& delay, std::uint32_t workers,
                   double expected) {
  INFO(policy, " on ", workers, " workers of ", delay);
  const Summary measured = runtime(policy, delay, workers, 1500);
  // A window that ends with an update is longer than n periods by less than one.
  CHECK(std::abs(measured.mean - expected) <=
        allowed_errors * measured.standard_error + 1e-9 * expected);
}

TEST_CASE("runtime per update, random laws, is the closed form") {
  for (const std::uint64_t k : {1, 3, 6}) {
    check_runtime(with_k("k-sync", k), "exponential(rate=2)", 6, harmonic(6, k) / 2);
    check_runtime(with_k("k-async", k), "exponential(rate=2)", 6, harmonic(6, k) / 2);
    check_runtime(with_k("k-sync", k), "shifted-exponential(shift=1, rate=2)", 6,
                  1 + harmonic(6, k) / 2);
    check_runtime(with_k("k-batch-sync", 2 * k), "exponential(rate=2)", 6,
                  2 * static_cast<double>(k) / 12);
    check_runtime(with_k("k-sync", k), "pareto(scale=1, shape=5)", 6,
                  pareto_order(6, static_cast<double>(k), 5));
    // K / sum(1 / E X_i), any law and any mixture: 4 workers of mean 2, 2 of mean 0.5.
    check_runtime(with_k("k-batch-async", 2 * k),
                  "4*gamma(shape=4, scale=0.5),2*uniform(low=0, high=1)", 6,
                  2 * static_cast<double>(k) / 6);
    check_runtime(with_k("k-batch-sync", k), "4*exponential(rate=1),2*exponential(rate=0.25)", 6,
                  static_cast<double>(k) / 4.5);
  }
  check_runtime("async", "weibull(shape=2, scale=1)", 5, std::sqrt(std::acos(-1.0)) / 2 / 5);
  check_runtime("k-sync(k=1)", "weibull(shape=0.7, scale=1)", 5,
                std::pow(5, -1 / 0.7) * std::tgamma(1 + 1 / 0.7));
}

TEST_CASE("runtime per update, constant times, is exact") {
  CHECK(rc::check("lock step", [] {
    const auto p = *rc::gen::inRange<std::uint32_t>(1, 13);
    const auto k = *rc::gen::inRange<std::uint64_t>(1, 2 * p + 1);
    // Over whole cycles: after P K updates every variant is where it began.
    const std::uint64_t updates = 4 * p * k;
    const auto mean = [&](const char* name) {
      FleetConfig fleet;
      fleet.workers = p;
      fleet.delay = "constant(value=0.5)";
      return testing::record(with_k(name, k), fleet, 1, updates).elapsed /
             static_cast<double>(updates);
    };
    const std::uint64_t waves = (k + p - 1) / p;
    RC_ASSERT(mean("k-batch-sync") == 0.5 * static_cast<double>(waves));
    RC_ASSERT(mean("k-batch-async") == 0.5 * static_cast<double>(k) / p);
    if (k > p) return;
    RC_ASSERT(mean("k-sync") == 0.5);
    // floor(P/K) updates coincide; P - K floor(P/K) workers are left over in each wave.
    const auto wave = static_cast<double>(p / k);
    RC_ASSERT(std::abs(mean("k-async") - 0.5 / wave) <= 0.5 / static_cast<double>(updates));
  }));
}

TEST_CASE("orderings of runtimes, laws of each ageing class, are those of the theory") {
  struct Law {
    const char* text;
    bool nbu;
    bool nwu;
  };
  for (const Law& law :
       std::vector<Law>{{"exponential(rate=1)", true, true},
                        {"shifted-exponential(shift=1, rate=1)", true, false},
                        {"gamma(shape=3, scale=1)", true, false},
                        {"weibull(shape=1.5, scale=1)", true, false},
                        {"uniform(low=0.5, high=1.5)", true, false},
                        {"weibull(shape=0.7, scale=1)", false, true},
                        {"gamma(shape=0.5, scale=1)", false, true},
                        {"hyperexponential(p=0.9, mean1=0.5, mean2=5.5)", false, true},
                        {"pareto(scale=1, shape=2.5)", false, false},
                        {"lognormal(mu=0, sigma=1)", false, false}}) {
    for (const std::uint64_t k : {2, 5}) {
      CAPTURE(law.text);
      CAPTURE(k);
      const auto at = [&](const char* name) {
        return runtime(with_k(name, k), law.text, 8, 800, 16);
      };
      const Summary sync = at("k-sync");
      const Summary batch_sync = at("k-batch-sync");
      const Summary async = at("k-async");
      const Summary batch_async = at("k-batch-async");
      const auto at_most = [](const Summary& a, const Summary& b) {
        return a.mean <= b.mean + allowed_errors * std::hypot(a.standard_error, b.standard_error);
      };
      if (law.nbu) CHECK(at_most(async, sync));
      if (law.nwu) CHECK(at_most(sync, async));
      if (law.nbu) CHECK(at_most(batch_async, batch_sync));
      if (law.nwu) CHECK(at_most(batch_sync, batch_async));
      CHECK(at_most(batch_async, async));
      CHECK(at_most(batch_sync, sync));
    }
  }
}

/// One gradient each of updates far apart, at a random place in the batch: nearly independent.
std::vector<double> sampled_staleness(const std::string& policy, const FleetConfig& fleet,
                                      std::uint64_t k, std::size_t samples) {
  const std::uint64_t gap = 2 + 8 * fleet.workers / k;
  const auto recording = testing::record(policy, fleet, 7, (samples + 20) * gap);
  DrawStream place(Stream::bootstrap, {7, 0, 0});
  std::vector<double> counts;
  for (std::size_t i = 20; i < samples + 20; ++i) {
    const auto& gradients = recording.updates[i * gap].gradients;
    const Version staleness = gradients[place.below(gradients.size())].staleness;
    if (staleness >= counts.size()) counts.resize(staleness + 1, 0);
    ++counts[staleness];
  }
  return counts;
}

/// Chi-square against a pmf whose far tail is one cell.
template <class Pmf>
double chance(std::vector<double> observed, Pmf&& pmf) {
  const double n = std::accumulate(observed.begin(), observed.end(), 0.0);
  std::vector<double> expected;
  double left = 1;
  while (n * (left - pmf(expected.size())) >= 5) {
    expected.push_back(n * pmf(expected.size()));
    left -= pmf(expected.size() - 1);
  }
  expected.push_back(n * left);
  observed.resize(std::max(observed.size(), expected.size()), 0);
  const auto tail = observed.begin() + static_cast<std::ptrdiff_t>(expected.size());
  observed[expected.size() - 1] += std::accumulate(tail, observed.end(), 0.0);
  observed.resize(expected.size());
  return testing::chi_square_chance(observed, expected);
}

TEST_CASE("staleness under exponential times has the exact distributions") {
  FleetConfig fleet;  // 8 workers, exponential(rate=1)
  constexpr std::size_t samples = 6000;
  for (const std::uint64_t k : {1, 3, 6}) {
    CAPTURE(k);
    const double share = static_cast<double>(k) / 8;
    const auto geometric = [&](std::size_t s) {
      return share * std::pow(1 - share, static_cast<double>(s));
    };
    CHECK(chance(sampled_staleness(with_k("k-async", k), fleet, k, samples), geometric) >
          testing::least_chance);
  }
  for (const std::uint64_t k : {1, 4, 12}) {
    CAPTURE(k);
    const double qk = std::pow(7.0 / 8, static_cast<double>(k));
    const double stale = 7.0 / static_cast<double>(k) * (1 - qk);
    const auto pmf = [&](std::size_t s) {
      if (s == 0) return 1 - stale;
      return stale * (1 - qk) * std::pow(qk, static_cast<double>(s) - 1);
    };
    CHECK(chance(sampled_staleness(with_k("k-batch-async", k), fleet, k, samples), pmf) >
          testing::least_chance);
  }
  // Unequal rates: a mixture of geometric laws with each worker's share of all pushes.
  fleet.delay = "4*exponential(rate=1),4*exponential(rate=0.25)";
  const auto mixture = [](std::size_t s) {
    double sum = 0;
    for (const double share : {0.2, 0.05}) {
      sum += 4 * share * share * std::pow(1 - share, static_cast<double>(s));
    }
    return sum;
  };
  CHECK(chance(sampled_staleness("async", fleet, 1, samples), mixture) > testing::least_chance);
}

TEST_CASE("fresh fractions by position, k-batch-async and exponential times, are 1 - q^l") {
  SimulationConfig config;
  config.policy = "k-batch-async(k=5)";
  std::vector<std::vector<double>> fresh(5);
  for (config.seed = 1; config.seed <= 24; ++config.seed) {
    config.updates = 3000;
    const auto positions = simulate(config, {}).at("fresh_fraction_by_position");
    REQUIRE(positions.size() == 5);
    for (std::size_t l = 0; l < 5; ++l) fresh[l].push_back(positions.at(l));
  }
  for (std::size_t l = 0; l < 5; ++l) {
    CAPTURE(l);
    const Summary summary = summarise(fresh[l]);
    const double expected = 1 - std::pow(7.0 / 8, static_cast<double>(l + 1));
    CHECK(std::abs(summary.mean - expected) <= allowed_errors * summary.standard_error);
  }
}

}  // namespace
}  // namespace syncline
