#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fit/synthetic.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/fit.hpp"
#include "syncline/spec.hpp"

namespace syncline::testing {
namespace {

bool says(const std::vector<std::string>& lines, const std::string& part) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

std::vector<std::uint32_t> stragglers(const FleetFit& fit) {
  std::vector<std::uint32_t> found;
  for (const auto& worker : fit.workers) {
    if (worker.straggler) found.push_back(worker.worker);
  }
  return found;
}

TEST_CASE("test of equality, workers alike, raises few false alarms") {
  std::size_t alarms = 0;
  std::size_t mild = 0;
  constexpr std::size_t sets = 200;
  for (std::uint64_t seed = 1; seed <= sets; ++seed) {
    const FleetFit fit =
        fit_fleet(seed % 2 == 0 ? draw_complete("gamma(shape=2, scale=1)", 6, 30, seed)
                                : draw_k_sync("exponential(rate=1)", 6, 3, 60, seed));
    alarms += fit.alike ? 0 : 1;
    mild += fit.alike_p_value < 0.05 ? 1 : 0;
    CHECK(fit.alike == (fit.groups.size() == 1));
  }
  // Binomial with 200 draws: means 2 and 10, 3.5 standard errors.
  CHECK(alarms <= 2 + 5);
  CHECK(mild <= 10 + 11);
  CHECK(mild >= 1);
}

TEST_CASE("profile, workers alike, is one law that the fleet's parser takes") {
  const FleetFit fit = fit_fleet(draw_complete("gamma(shape=3, scale=2)", 8, 500, 5));
  CHECK(fit.alike);
  CHECK(fit.profile.starts_with("8*gamma("));
  const auto profile = DelayProfile::parse(fit.profile, 8);
  CHECK(profile.law(0).mean() == doctest::Approx(6).epsilon(0.05));
  CHECK(stragglers(fit).empty());
  for (const auto& worker : fit.workers) CHECK(worker.behaviour == "steady");
}

TEST_CASE("straggler, three times as slow, is named and has a law of its own") {
  for (const bool k_sync : {false, true}) {
    CAPTURE(k_sync);
    const std::string fleet =
        "5*gamma(shape=3, scale=1),1*gamma(shape=3, scale=3),"
        "2*gamma(shape=3, scale=1)";
    const FleetFit fit =
        fit_fleet(k_sync ? draw_k_sync(fleet, 8, 4, 400, 3) : draw_complete(fleet, 8, 200, 3));
    CHECK_FALSE(fit.alike);
    REQUIRE(stragglers(fit) == std::vector<std::uint32_t>{5});
    CHECK(fit.workers[5].behaviour == "persistently slow");
    CHECK(fit.workers[5].slowdown > 2);
    CHECK(fit.workers[5].slowdown < 4);
    CHECK(says(fit.findings, "Worker 5 is a straggler"));
    REQUIRE(fit.groups.size() == 2);
    CHECK(fit.groups[1].workers == std::vector<std::uint32_t>{5});
    const auto profile = DelayProfile::parse(fit.profile, 8);
    CHECK(profile.law(0).mean() == doctest::Approx(3).epsilon(0.15));
    CHECK(profile.law(5).mean() == doctest::Approx(9).epsilon(0.3));
    CHECK(profile.law(6).text() == profile.law(0).text());
  }
}

TEST_CASE("groups, two laws in turns, are found and written in the workers' order") {
  const FleetFit fit = fit_fleet(draw_complete(
      "2*exponential(rate=1),1*exponential(rate=0.3),1*exponential(rate=1)", 4, 300, 8));
  REQUIRE(fit.groups.size() == 2);
  CHECK(fit.groups[0].workers == std::vector<std::uint32_t>{0, 1, 3});
  CHECK(fit.groups[1].workers == std::vector<std::uint32_t>{2});
  CHECK(fit.profile.starts_with("2*exponential("));
}

TEST_CASE("groups, same mean but another shape, are told apart") {
  const FleetFit fit = fit_fleet(
      draw_complete("3*exponential(rate=1),3*gamma(shape=9, scale=0.1111111)", 6, 300, 9));
  REQUIRE(fit.groups.size() == 2);
  CHECK(fit.groups[0].workers == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("worker without a complete job is a straggler whose law is called rough") {
  Timings timings = draw_complete("4*exponential(rate=1)", 4, 100, 4);
  timings.workers = 5;
  timings.jobs.push_back({4, 0, 100, true});
  const FleetFit fit = fit_fleet(timings);
  REQUIRE(stragglers(fit) == std::vector<std::uint32_t>{4});
  CHECK(says(fit.findings, "Worker 4 is a straggler: it has not finished a single job"));
  CHECK(fit.workers[4].fit.refusal.has_value());
  CHECK(says(fit.warnings, "worker 4 has 0 complete jobs"));
  CHECK(DelayProfile::parse(fit.profile, 5).law(4).mean() == doctest::Approx(100));
}

TEST_CASE("drift, one worker that ends twice as slow, is found and the others are steady") {
  Timings timings = draw_complete("gamma(shape=4, scale=0.25)", 4, 300, 11);
  std::size_t job = 0;
  for (Timing& timing : timings.jobs) {
    if (timing.worker == 2) timing.seconds *= 1 + static_cast<double>(job++) / 300;
  }
  const FleetFit fit = fit_fleet(timings);
  for (const auto& worker : fit.workers) {
    CHECK(worker.behaviour == (worker.worker == 2 ? "drifting" : "steady"));
  }
  // From 1.125 to 1.875 in the mean.
  CHECK(fit.workers[2].drift.factor == doctest::Approx(1.67).epsilon(0.2));
  CHECK(says(fit.findings, "Worker 2 gets slower"));
}

TEST_CASE("slow states, whole fleet, are found with lengths, factor and normal law") {
  const FleetFit fit = fit_fleet(draw_slowed("gamma(shape=4, scale=0.25)", 8, 500, 21,
                                             "markov(mean_normal=60, mean_slow=30, factor=4)",
                                             {0, 1, 2, 3, 4, 5, 6, 7}));
  REQUIRE(fit.slow_states);
  CHECK(fit.slow_states->workers.size() == 8);
  // About 40 spells: errors of 16 %, three of them.
  CHECK(fit.slow_states->mean_normal == doctest::Approx(60).epsilon(0.5));
  CHECK(fit.slow_states->mean_slow == doctest::Approx(30).epsilon(0.5));
  CHECK(fit.slow_states->factor == doctest::Approx(4).epsilon(0.15));
  CHECK(make_delay_law(fit.slow_states->delay)->mean() == doctest::Approx(1).epsilon(0.15));
  CHECK(stragglers(fit).empty());
  CHECK(says(fit.findings, "All workers turn slow and recover"));
}

TEST_CASE("slow states, one worker, make it a straggler in bursts") {
  const FleetFit fit =
      fit_fleet(draw_slowed("lognormal(mu=0, sigma=0.3)", 6, 400, 2,
                            "markov(mean_normal=60, mean_slow=20, factor=3)", {4}));
  REQUIRE(fit.slow_states);
  CHECK(fit.slow_states->workers == std::vector<std::uint32_t>{4});
  CHECK(fit.workers[4].behaviour == "slow in bursts");
  CHECK(stragglers(fit) == std::vector<std::uint32_t>{4});
  CHECK(says(fit.findings, "Worker 4 is a straggler: slow in bursts"));
}

TEST_CASE("slow states and drift, independent jobs, are rarely seen") {
  std::size_t bursts = 0;
  std::size_t drifts = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const FleetFit fit = fit_fleet(draw_complete("exponential(rate=1)", 4, 60, seed));
    bursts += fit.slow_states ? 1 : 0;
    for (const auto& worker : fit.workers) drifts += worker.behaviour == "drifting" ? 1 : 0;
  }
  CHECK(bursts <= 3);
  CHECK(drifts <= 5);
}

TEST_CASE("fit, units of microseconds or megaseconds, gives the same laws in the other unit") {
  Timings timings = draw_k_sync("gamma(shape=3, scale=1)", 4, 3, 100, 6);
  const FleetFit base = fit_fleet(timings);
  for (const double unit : {1e-6, 1e6}) {
    Timings scaled = timings;
    for (Timing& job : scaled.jobs) job.seconds *= unit;
    const FleetFit fit = fit_fleet(scaled);
    REQUIRE(fit.pooled.laws.size() == base.pooled.laws.size());
    CHECK(fit.alike_p_value == doctest::Approx(base.alike_p_value));
    for (std::size_t i = 0; i < fit.pooled.laws.size(); ++i) {
      const auto law = make_delay_law(fit.pooled.laws[i].law);
      const auto other = make_delay_law(base.pooled.laws[i].law);
      CHECK(law->quantile(0.4) == doctest::Approx(other->quantile(0.4) * unit).epsilon(2e-3));
      const double events = 300;
      CHECK(fit.pooled.laws[i].log_likelihood ==
            doctest::Approx(base.pooled.laws[i].log_likelihood - events * std::log(unit)));
    }
  }
}

TEST_CASE("fit, seven complete jobs, is refused; eight are enough") {
  Timings timings = draw_complete("exponential(rate=1)", 1, 7, 1);
  CHECK_THROWS_WITH_AS(fit_fleet(timings), doctest::Contains("7 complete jobs"), DataError);
  timings.jobs.push_back({0, 0, 1, true});
  CHECK_THROWS_AS(fit_fleet(timings), DataError);
  timings.jobs.push_back({0, 0, 0.7, false});
  const FleetFit fit = fit_fleet(timings);
  CHECK_FALSE(fit.pooled.laws.empty());
  CHECK(says(fit.warnings, "only one worker"));
}

TEST_CASE("fit, few jobs of each worker, is pooled only and says so") {
  const FleetFit fit = fit_fleet(draw_complete("exponential(rate=1)", 6, 4, 1));
  CHECK_FALSE(fit.pooled.laws.empty());
  for (const auto& worker : fit.workers) {
    CHECK(worker.fit.laws.empty());
    REQUIRE(worker.fit.refusal);
    CHECK(worker.fit.refusal->find("4 complete jobs; a fit needs 8") != std::string::npos);
  }
}

TEST_CASE("document of a fit has the keys of its contract and finite quantiles") {
  const FleetFit fit = fit_fleet(draw_k_sync("pareto(scale=1, shape=0.8)", 3, 2, 60, 7));
  const auto document = to_json(fit);
  for (const char* key : {"kind", "schema", "profile", "alike", "alike_p_value", "findings",
                          "warnings", "pooled", "groups", "tail", "slow_states", "workers"}) {
    CAPTURE(key);
    CHECK(document.contains(key));
  }
  CHECK(document["kind"] == "fit");
  CHECK(document["workers"].size() == 3);
  const auto& pooled = document["pooled"];
  CHECK(pooled["jobs"] == 180);
  CHECK(pooled["censored"] == 60);
  CHECK(pooled["qq"].size() == 100);
  double before = 0;
  for (const auto& pair : pooled["qq"]) {
    CHECK(pair[0].get<double>() > before);
    before = pair[0];
  }
  // No mean: null, for JSON has no infinity.
  CHECK(nlohmann::json::parse(document.dump())["pooled"]["mean"].is_null());
  CHECK(says(fit.findings, "no mean"));
}

}  // namespace
}  // namespace syncline::testing
