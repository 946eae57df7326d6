// Theory against the simulator over laws x P x K: what is simulated lies inside the ends that the
// theory gives, widened by 4.5 standard errors of our own replications.

#include <cmath>
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/simulate.hpp"
#include "theory/theory_support.hpp"

namespace syncline {
namespace {

constexpr double allowed_errors = 4.5;
constexpr std::uint64_t replications = 16;

struct Simulated {
  std::map<std::string, std::vector<double>> samples;
  std::vector<std::vector<double>> pmf;
};

Simulated simulated(const std::string& policy, const std::string& delay, std::uint32_t workers,
                    std::uint64_t updates) {
  Simulated all;
  for (std::uint64_t seed = 1; seed <= replications; ++seed) {
    SimulationConfig config;
    config.policy = policy;
    config.fleet.workers = workers;
    config.fleet.delay = delay;
    config.updates = updates;
    config.seed = seed;
    const auto result = simulate(config, {});
    all.samples["runtime"].push_back(result.at("runtime_per_update").at("mean"));
    all.samples["staleness"].push_back(result.at("staleness").at("mean"));
    all.samples["fresh"].push_back(result.at("fresh_fraction"));
    all.samples["idle"].push_back(result.at("idle_fraction"));
    all.samples["cancelled"].push_back(result.at("cancelled_time_fraction"));
    std::vector<double> pmf = result.at("staleness").at("histogram");
    double total = 0;
    for (const double count : pmf) total += count;
    for (double& count : pmf) count /= total;
    all.pmf.push_back(pmf);
  }
  return all;
}

void check(const std::string& name, const std::vector<double>& values, const Estimate& theory,
           double slack) {
  const Summary summary = summarise(values);
  CAPTURE(name);
  CAPTURE(summary.mean);
  CAPTURE(summary.standard_error);
  CAPTURE(theory.lower);
  CAPTURE(theory.upper);
  CAPTURE(theory.source);
  CHECK(theory.lower <= theory.value);
  CHECK(theory.value <= theory.upper);
  const double spread = allowed_errors * summary.standard_error + slack;
  CHECK(summary.mean >= theory.lower - spread);
  CHECK(summary.mean <= theory.upper + spread);
}

void check_point(const std::string& policy, const std::string& delay, std::uint32_t workers) {
  CAPTURE(policy);
  CAPTURE(delay);
  CAPTURE(workers);
  const DelayProfile fleet = DelayProfile::parse(delay, workers);
  const VariantPoint point = testing::point(policy, workers);
  const auto updates = std::max<std::uint64_t>(150, (2000 + 80 * workers) / point.k);
  const Simulated all = simulated(policy, delay, workers, updates);
  // Jobs overlap both ends of a window, and it ends with an update.
  const double ends = 2.0 * workers / static_cast<double>(updates * point.k);
  const Estimate runtime = runtime_per_update(point, fleet);
  check("runtime", all.samples.at("runtime"), runtime,
        std::isfinite(runtime.value) ? runtime.value * (1e-3 + ends / 4) : 0);
  const StalenessLaw law = staleness_law(point, fleet);
  check("staleness", all.samples.at("staleness"), law.mean, (law.mean.value + 1) * ends);
  check("fresh", all.samples.at("fresh"), law.fresh_fraction, 1e-3 + ends / 4);
  check("idle", all.samples.at("idle"), idle_fraction(point, fleet), 1e-3 + ends / 4);
  check("cancelled", all.samples.at("cancelled"), cancelled_time_fraction(point, fleet),
        1e-3 + ends / 4);
  if (law.pmf_kind != EstimateKind::exact && law.pmf_kind != EstimateKind::numeric) return;
  for (std::size_t s = 0; s < std::min<std::size_t>(law.pmf.size(), 12); ++s) {
    std::vector<double> shares;
    for (const auto& pmf : all.pmf) shares.push_back(s < pmf.size() ? pmf[s] : 0);
    const Summary summary = summarise(shares);
    CAPTURE(s);
    CHECK(std::abs(summary.mean - law.pmf[s]) <=
          allowed_errors * summary.standard_error + 2e-3 + ends / 4);
  }
}

TEST_CASE("theory, a grid of laws x P x K, holds what is simulated") {
  const testing::TemporaryFolder folder;
  std::string values;
  for (int i = 1; i <= 60; ++i) values += std::to_string(0.4 + 3.0 / i) + " ";
  const std::string measured = "empirical(file=" + folder.write("times.txt", values) + ")";
  for (const std::string& law :
       {std::string("exponential(rate=2)"), std::string("shifted-exponential(shift=1, rate=1)"),
        std::string("pareto(scale=1, shape=3)"), std::string("weibull(shape=0.7, scale=1)"),
        std::string("weibull(shape=2, scale=1)"), std::string("gamma(shape=3, scale=1)"),
        std::string("lognormal(mu=0, sigma=1)"), std::string("uniform(low=0.2, high=1)"),
        std::string("constant(value=2)"),
        std::string("hyperexponential(p=0.9, mean1=0.5, mean2=5.5)"), measured}) {
    for (const std::uint32_t workers : {1U, 2U, 5U, 12U}) {
      for (const std::uint64_t k : {1U, 2U, (workers + 1) / 2, workers, 2 * workers}) {
        const std::string number = "(k=" + std::to_string(k) + ")";
        check_point("k-batch-sync" + number, law, workers);
        check_point("k-batch-async" + number, law, workers);
        if (k > workers) continue;
        check_point("k-sync" + number, law, workers);
        check_point("k-async" + number, law, workers);
      }
    }
  }
}

TEST_CASE("theory, unlike workers, holds what is simulated") {
  for (const std::string fleet :
       {"4*exponential(rate=1),4*exponential(rate=0.2)",
        "5*gamma(shape=2, scale=1),2*uniform(low=1, high=2),1*lognormal(mu=1, sigma=0.5)",
        "4*shifted-exponential(shift=1, rate=1),4*weibull(shape=0.7, scale=1)",
        "3*constant(value=1),5*exponential(rate=1)", "6*constant(value=1),2*constant(value=2.5)"}) {
    for (const std::uint64_t k : {1, 3, 6, 8}) {
      const std::string number = "(k=" + std::to_string(k) + ")";
      for (const char* name : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
        // Lock-step fleets have no steady state that a window of other length would share.
        if (fleet[0] == '6' && std::string(name).find("async") != std::string::npos) continue;
        check_point(name + number, fleet, 8);
      }
    }
  }
}

TEST_CASE("theory, a hundred workers, holds what is simulated") {
  for (const std::string law :
       {"shifted-exponential(shift=1, rate=1)", "lognormal(mu=0, sigma=1)"}) {
    for (const std::uint64_t k : {1, 10, 50}) {
      const std::string number = "(k=" + std::to_string(k) + ")";
      for (const char* name : {"k-sync", "k-batch-sync", "k-async", "k-batch-async"}) {
        check_point(name + number, law, 100);
      }
    }
  }
}

double cold_start(const std::string& delay, std::uint32_t workers, std::uint64_t n,
                  std::uint64_t seed) {
  SimulationConfig config;
  config.policy = "async";
  config.fleet.workers = workers;
  config.fleet.delay = delay;
  config.updates = n;
  config.seed = seed;
  config.include_startup = true;
  return simulate(config, {}).at("elapsed");
}

TEST_CASE("cold start, n pushes of fresh workers, take the time of the theory") {
  for (const std::string fleet :
       {"6*shifted-exponential(shift=1, rate=1)", "6*pareto(scale=1, shape=2.5)",
        "6*weibull(shape=0.5, scale=1)", "3*gamma(shape=3, scale=1),3*exponential(rate=0.2)",
        "4*constant(value=1),2*constant(value=0.3)", "6*pareto(scale=1, shape=0.9)"}) {
    for (const std::uint64_t n : {1, 2, 6, 20, 90}) {
      CAPTURE(fleet);
      CAPTURE(n);
      std::vector<double> times;
      for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
        times.push_back(cold_start(fleet, 6, n, seed));
      }
      const Estimate theory = cold_start_time(DelayProfile::parse(fleet, 6), n);
      const Summary summary = summarise(times);
      check("cold start", times, theory, 1e-9 * theory.value);
      CHECK(theory.upper - theory.lower <= 0.08 * theory.value);
      CHECK(std::abs(theory.value - summary.mean) <=
            allowed_errors * summary.standard_error + 2e-3 * theory.value);
    }
  }
}

TEST_CASE("start-up, K-batch-async with many updates, is the limit of the theory") {
  for (const std::string fleet :
       {"5*shifted-exponential(shift=2, rate=1)", "5*hyperexponential(p=0.9, mean1=0.5, mean2=5.5)",
        "3*gamma(shape=4, scale=1),2*uniform(low=0, high=9)"}) {
    const DelayProfile profile = DelayProfile::parse(fleet, 5);
    const VariantPoint point{VariantFamily::k_async, 1};
    const double rate = 1 / runtime_per_update(point, profile).value;
    const Estimate theory = startup_time(point, profile);
    std::vector<double> extra;
    for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
      extra.push_back(cold_start(fleet, 5, 150, seed) - 150 / rate);
    }
    const Summary summary = summarise(extra);
    CAPTURE(fleet);
    CHECK(std::abs(summary.mean - theory.value) <= allowed_errors * summary.standard_error);
    CHECK(std::abs(theory.value) > 2 * allowed_errors * summary.standard_error);
  }
}

}  // namespace
}  // namespace syncline
