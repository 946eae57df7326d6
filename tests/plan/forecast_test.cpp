// Forecasts by theory against forecasts by simulation, and the ranking of both.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "plan/models.hpp"
#include "plan/ranking.hpp"
#include "plan/update_time.hpp"

namespace syncline {
namespace {

using testing::small_model;

FleetTheory fleet(const FleetConfig& config, double bytes = 0) {
  return FleetTheory(std::make_shared<const FleetTiming>(config, bytes));
}

FleetConfig eight(const std::string& delay) {
  FleetConfig config;
  config.workers = 8;
  config.delay = delay;
  return config;
}

TEST_CASE("forecast by theory, exponential times, lies within 10 % of simulation") {
  const QuadraticModel model = small_model(0.5);
  FleetTheory machines = fleet(eight("exponential(rate=1)"));
  Goal goal;
  goal.loss = 0.4;
  for (const char* policy : {"sync", "async", "k-sync(k=4)", "k-async(k=4)", "k-batch-sync(k=8)",
                             "k-batch-async(k=4)"}) {
    CAPTURE(policy);
    const Candidate candidate{policy, variant_point(policy, 8), 0.1};
    const Forecast theory = forecast_by_theory(candidate, model, machines, goal);
    const Forecast simulated =
        forecast_by_simulation(candidate, model, machines, goal, 40, INFINITY);
    REQUIRE(theory.time);
    REQUIRE(simulated.time);
    const double error = (simulated.time->upper - simulated.time->lower) / 2 / 1.96;
    CHECK(std::abs(theory.time->value - simulated.time->value) <=
          4.5 * error + 0.1 * simulated.time->value);
  }
}

TEST_CASE("forecast by simulation gives up at the end of the patience") {
  Goal goal;
  goal.loss = 0.4;
  const Candidate candidate{"sync", variant_point("sync", 8), 0.1};
  FleetTheory machines = fleet(eight("exponential(rate=1)"));
  const Forecast forecast =
      forecast_by_simulation(candidate, small_model(0.5), machines, goal, 2, 1.0);
  CHECK_FALSE(forecast.time);
  CHECK(score(forecast, goal) == INFINITY);
}

TEST_CASE("ranking puts the fastest first and plain sync among what is simulated") {
  Goal goal;
  goal.loss = 0.4;
  RankingSettings settings;
  settings.step_sizes = {0.05, 0.2};
  FleetTheory machines = fleet(eight("exponential(rate=1)"));
  const auto ranked = rank(small_model(0.5), machines, goal, settings, {});
  REQUIRE(ranked.size() > 20);
  const auto simulated = [](const Forecast& f) { return f.simulated; };
  const auto last = std::find_if_not(ranked.begin(), ranked.end(), simulated);
  CHECK(std::is_sorted(ranked.begin(), last, [&](const Forecast& a, const Forecast& b) {
    return score(a, goal) < score(b, goal);
  }));
  CHECK(std::any_of(ranked.begin(), last,
                    [](const Forecast& f) { return f.candidate.policy == "sync"; }));
  CHECK(score(ranked.front(), goal) <
        0.8 * score(*std::find_if(ranked.begin(), last,
                                  [](const Forecast& f) { return f.candidate.policy == "sync"; }),
                    goal));
}

TEST_CASE("a step that is too large for the staleness is never ranked") {
  QuadraticModel model;
  model.modes = {{1, 1, 0}};
  Goal goal;
  goal.loss = 0.01;
  const Candidate candidate{"async", variant_point("async", 8), 0.9};
  FleetTheory machines = fleet(eight("constant(value=1)"));
  const Forecast forecast = forecast_by_theory(candidate, model, machines, goal);
  CHECK_FALSE(forecast.stable);
  CHECK(score(forecast, goal) == INFINITY);
}

TEST_CASE("update time, slow server link, is K pushes at least") {
  FleetConfig config = eight("exponential(rate=1)");
  config.server_bandwidth = 1000;
  const FleetTiming timing(config, 2000);  // two units of time for each push
  for (const char* policy : {"sync", "k-async(k=4)", "k-batch-async(k=4)", "k-batch-sync(k=4)"}) {
    const auto point = variant_point(policy, 8);
    const Estimate estimate =
        update_time(*point, timing, runtime_per_update(*point, timing.profile));
    CHECK(estimate.value >= 2.0 * static_cast<double>(point->k));
    CHECK(estimate.kind == EstimateKind::approximation);
  }
}

TEST_CASE("update time, full link, K-sync, counts the pushes of cancelled jobs") {
  FleetConfig config = eight("exponential(rate=1)");
  config.workers = 100;
  config.server_bandwidth = 1;
  const QuadraticModel model = small_model(0);
  Goal goal;
  goal.loss = 0.4;
  FleetTheory machines = fleet(config, 0.5);  // 50 for the pushes of all
  const Candidate candidate{"k-sync(k=4)", variant_point("k-sync(k=4)", 100), 0.1};
  const Forecast theory = forecast_by_theory(candidate, model, machines, goal);
  const Forecast simulated = forecast_by_simulation(candidate, model, machines, goal, 4, INFINITY);
  CHECK(theory.runtime.value == doctest::Approx(simulated.runtime.value).epsilon(0.15));
  CHECK(theory.link_load > 0.9);
  CHECK(simulated.link_load > 0.9);
  CHECK(simulated.pushes > 10 * simulated.gradients);
}

TEST_CASE("forecast of a policy that moves along the line counts what it applied") {
  Goal goal;
  goal.loss = 0.4;
  FleetTheory machines = fleet(eight("exponential(rate=1)"));
  const Candidate candidate{"adasync(k0=4)", std::nullopt, 0.1};
  const Forecast forecast =
      forecast_by_simulation(candidate, small_model(0.5), machines, goal, 2, INFINITY);
  REQUIRE(forecast.time);
  CHECK(forecast.gradients > 1.5 * forecast.updates);
}

TEST_CASE("update time without communication is that of the theory") {
  const FleetTiming timing(eight("exponential(rate=1)"), 0);
  const auto point = variant_point("k-sync(k=4)", 8);
  const Estimate bare = runtime_per_update(*point, timing.profile);
  CHECK(update_time(*point, timing, bare).value == bare.value);
}

TEST_CASE("fleet theory, K-batch-async, takes staleness for all K from one distribution") {
  for (const char* law : {"exponential(rate=1)", "gamma(shape=3, scale=1)"}) {
    FleetTheory machines = fleet(eight(law));
    const DelayProfile profile = DelayProfile::parse(law, 8);
    for (const std::uint64_t k : {2U, 3U, 8U, 16U}) {
      const VariantPoint point{VariantFamily::k_batch_async, k};
      const auto direct = staleness_law(point, profile).pmf;
      const auto carried = machines.at(point).staleness;
      double mean = 0;
      for (std::size_t s = 0; s < carried.size(); ++s) {
        mean += static_cast<double>(s) * carried[s];
        // The tail is gathered at the last entry.
        if (s + 1 < carried.size()) CHECK(carried[s] == doctest::Approx(direct[s]).epsilon(2e-3));
      }
      CHECK(mean == doctest::Approx(7.0 / static_cast<double>(k)).epsilon(0.01));
    }
  }
}

TEST_CASE("fleet theory, K-batch-sync between powers of 2, lies within 1 % of the theory there") {
  FleetTheory machines = fleet(eight("lognormal(mu=0, sigma=1)"));
  const DelayProfile profile = DelayProfile::parse("lognormal(mu=0, sigma=1)", 8);
  for (const std::uint64_t k : {3U, 5U, 6U, 7U, 12U, 16U}) {
    const VariantPoint point{VariantFamily::k_batch_sync, k};
    CHECK(machines.at(point).runtime.value ==
          doctest::Approx(runtime_per_update(point, profile).value).epsilon(0.01));
  }
}

}  // namespace
}  // namespace syncline
