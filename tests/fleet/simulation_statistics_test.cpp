// The object that simulate() returns, against figures counted independently from the same run.

#include <atomic>
#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/simulation_support.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"
#include "trace/staleness_histogram.hpp"

namespace syncline {
namespace {

using testing::record;

/// Long-run figures of the updates after the first `from`, added up from the records.
struct Figures {
  double runtime = 0, staleness = 0, fresh = 0, idle = 0, cancelled = 0, cancelled_jobs = 0;
  std::vector<double> histogram;
};

Figures figures_of(const testing::Recording& recording, std::size_t from, double workers) {
  Figures figures;
  const double begin = from == 0 ? 0 : recording.updates[from - 1].time;
  double gradients = 0;
  for (std::size_t j = from; j < recording.updates.size(); ++j) {
    const UpdateRecord& update = recording.updates[j];
    for (const GradientRecord& gradient : update.gradients) {
      ++gradients;
      figures.staleness += static_cast<double>(gradient.staleness);
      figures.fresh += gradient.staleness == 0;
      if (gradient.staleness >= figures.histogram.size()) {
        figures.histogram.resize(gradient.staleness + 1, 0);
      }
      ++figures.histogram[gradient.staleness];
    }
    for (const auto& [worker, time] : update.idle) figures.idle += time;
    for (const auto& [worker, time] : update.cancelled) figures.cancelled += time;
    figures.cancelled_jobs += static_cast<double>(update.cancelled.size());
  }
  const double elapsed = recording.elapsed - begin;
  figures.runtime = elapsed / static_cast<double>(recording.updates.size() - from);
  figures.staleness /= gradients;
  figures.fresh /= gradients;
  figures.idle /= workers * elapsed;
  figures.cancelled /= workers * elapsed;
  figures.cancelled_jobs /= figures.cancelled_jobs + gradients;
  return figures;
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-10 * (1 + std::abs(b)); }

TEST_CASE("the figures of a simulation, with and without its start-up, are those of its records") {
  CHECK(rc::check("counted twice", [](std::uint64_t seed) {
    SimulationConfig config;
    config.fleet = testing::random_fleet();
    const auto variant = testing::random_variant(config.fleet.workers);
    config.policy = variant.text();
    config.seed = seed;
    config.updates = *rc::gen::inRange<std::uint64_t>(1, 4000);
    config.include_startup = *rc::gen::arbitrary<bool>();
    const auto result = simulate(config, {});
    const auto recording = record(config.policy, config.fleet, seed, config.updates);

    // The start-up: until 30 P gradients have come, if that leaves half of the updates or more.
    const std::uint64_t needed = (30 * config.fleet.workers + variant.k - 1) / variant.k;
    const bool excluded = !config.include_startup && needed <= config.updates / 2;
    RC_ASSERT(result.at("startup_excluded") == excluded);
    RC_ASSERT(result.at("startup_updates") == (excluded ? needed : 0));
    RC_CLASSIFY(excluded);

    const Figures figures = figures_of(recording, excluded ? needed : 0, config.fleet.workers);
    RC_ASSERT(result.at("updates") == config.updates);
    RC_ASSERT(result.at("elapsed") == recording.elapsed);
    RC_ASSERT(near(result.at("runtime_per_update").at("mean"), figures.runtime));
    RC_ASSERT(near(result.at("staleness").at("mean"), figures.staleness));
    RC_ASSERT(result.at("staleness").at("max") == figures.histogram.size() - 1);
    RC_ASSERT(result.at("staleness").at("histogram") == figures.histogram);
    RC_ASSERT(near(result.at("fresh_fraction"), figures.fresh));
    RC_ASSERT(near(result.at("idle_fraction"), figures.idle));
    RC_ASSERT(near(result.at("cancelled_time_fraction"), figures.cancelled));
    RC_ASSERT(near(result.at("cancelled_job_fraction"), figures.cancelled_jobs));
    RC_ASSERT(result.at("fresh_fraction_by_position").size() == variant.k);

    const auto& account = result.at("gradients");
    const auto count = [&](const char* name) { return account.at(name).get<std::uint64_t>(); };
    RC_ASSERT(count("started") == count("computed") + count("cancelled") + count("in_flight"));
    RC_ASSERT(count("computed") == count("applied") + count("dropped") + count("held"));
    RC_ASSERT(count("applied") == config.updates * variant.k);
  }));
}

TEST_CASE("a run of 5 updates, too short to leave the start-up out, keeps it and says so") {
  SimulationConfig config;
  config.updates = 5;
  const auto result = simulate(config, {});
  CHECK(result.at("startup_excluded") == false);
  CHECK(near(result.at("runtime_per_update").at("mean"), result.at("elapsed").get<double>() / 5));
  config.updates = 1;
  CHECK(simulate(config, {}).at("runtime_per_update").at("stderr").is_null());
}

TEST_CASE("the standard error of the runtime, batch means, is that of repeated runs") {
  // Over 60 seeds the mean of stderr^2 and the variance of the means agree within their own error:
  // a relative one of sqrt(2 / 59) for the latter. 4.5 of these is a factor of about 1.8.
  SimulationConfig config;
  config.policy = "k-batch-async(k=4)";
  config.fleet.delay = "shifted-exponential(shift=1, rate=1)";
  config.updates = 8000;
  double squares = 0;
  std::vector<double> means;
  for (config.seed = 1; config.seed <= 60; ++config.seed) {
    const auto runtime = simulate(config, {}).at("runtime_per_update");
    means.push_back(runtime.at("mean"));
    squares += std::pow(runtime.at("stderr").get<double>(), 2) / 60;
  }
  const double spread = std::pow(summarise(means).standard_error, 2) * 60;
  CHECK(squares < spread * 1.83);
  CHECK(squares > spread / 1.83);
}

TEST_CASE("stalenesses beyond 4,096, a histogram, go into bins that double") {
  StalenessHistogram histogram;
  for (const std::uint64_t staleness : {0ULL, 4095ULL, 4096ULL, 8191ULL, 8192ULL, 16384ULL}) {
    histogram.add(staleness);
  }
  REQUIRE(histogram.counts().size() == 4096 + 3);
  CHECK(histogram.counts()[0] == 1);
  CHECK(histogram.counts()[4095] == 1);
  CHECK(histogram.counts()[4096] == 2);
  CHECK(histogram.counts()[4097] == 1);
  CHECK(histogram.counts()[4098] == 1);
  CHECK(histogram.largest() == 16384);
  CHECK(histogram.total() == 6);

  SimulationConfig config;
  config.policy = "async";
  config.fleet.workers = 6000;
  config.updates = 30000;
  config.include_startup = true;
  const auto result = simulate(config, {});
  std::vector<std::uint64_t> expected;
  for (const auto& update : record("async", config.fleet, 1, config.updates).updates) {
    std::size_t bin = update.gradients[0].staleness;
    if (bin >= 4096) {
      std::size_t doublings = 0;
      while (bin >= 4096U << (doublings + 1)) ++doublings;
      bin = 4096 + doublings;
    }
    if (bin >= expected.size()) expected.resize(bin + 1, 0);
    ++expected[bin];
  }
  CHECK(expected.size() > 4097);
  CHECK(result.at("staleness").at("histogram") == expected);
}

TEST_CASE("service times that run out are an error only where somebody waits for them") {
  const testing::TemporaryFolder folder;
  SimulationConfig config;
  config.fleet.workers = 2;
  config.fleet.delay = "service-times(file=" +
                       folder.write("times.json", std::string(R"({"0": [1, 1, 1], "1": [5]})")) +
                       ")";
  config.policy = "k-batch-async(k=1)";
  config.updates = 4;
  CHECK(simulate(config, {}).at("elapsed") == 5);
  config.updates = 5;
  std::string message;
  try {
    static_cast<void>(simulate(config, {}));
  } catch (const DataError& error) {
    message = error.what();
  }
  CHECK(message.find("used up after 4 updates") != std::string::npos);
  config.policy = "sync";
  config.updates = 1;
  CHECK(simulate(config, {}).at("elapsed") == 5);
  config.updates = 2;
  CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), DataError);
  // Worker 1 has used its only value up and is never waited for again.
  config.policy = "k-sync(k=1)";
  config.updates = 3;
  CHECK(simulate(config, {}).at("elapsed") == 3);
}

TEST_CASE("a simulation, interrupted from outside, returns what it has") {
  const std::atomic<bool> interrupted = true;
  Progress progress;
  progress.interrupted = &interrupted;
  SimulationConfig config;
  config.updates = 1000000;
  const auto result = simulate(config, progress);
  CHECK(result.at("interrupted") == true);
  CHECK(result.at("updates") > 0);
  CHECK(result.at("updates") < 1000000);
}

TEST_CASE("a simulation of nothing, or of a policy that needs a loss, is refused") {
  SimulationConfig config;
  config.updates = 0;
  CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), ConfigError);
  config.updates = 10;
  for (const char* policy : {"adasync(base=k-async)", "auto", "horizon"}) {
    config.policy = policy;
    CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), ConfigError);
  }
  config.policy = "k-sync(k=9)";
  CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), ConfigError);
}

}  // namespace
}  // namespace syncline
