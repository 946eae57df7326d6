// The policy `horizon` in real runs: what it measures, that it depends on nothing but its
// configuration, and that it explains what it does.

#include <cmath>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/training_support.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/trace.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;

const char* const every_base[] = {"k-sync", "k-batch-sync", "k-async", "k-batch-async"};

std::string horizon_on(const std::string& base) { return "horizon(base=" + base + ")"; }

/// The values of one measurement in a log.
std::vector<double> measured(const std::filesystem::path& path, const std::string& name) {
  std::ifstream file(path);
  std::vector<double> values;
  for (std::string line; std::getline(file, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.at("event") == "measured" && record.at("name") == name) {
      values.push_back(record.at("value"));
    }
  }
  return values;
}

/// The loss on the training samples that short_run() evaluates, if the workload has any.
double train_loss(const Workload<double>& workload, const std::vector<double>& state) {
  const std::size_t samples = std::min<std::size_t>(60, workload.samples(Split::train));
  const auto sums = workload.make_replica()->evaluate(state, Split::train, 0, samples);
  return sums.loss / sums.samples;
}

TEST_CASE("average loss is the loss at the mean of the versions since the last one") {
  const TemporaryFolder folder;
  for (const std::string model : {"softmax(lambda=0.01)", "quadratic(dimension=20)"}) {
    CAPTURE(model);
    const auto workload = tiny_workload<double>(model);
    RunConfig config = short_run("horizon(k_min=2, k_max=2)");
    config.stop.updates = 50;
    config.log = (folder / "log").string();
    run<double>(config, workload);
    const auto averages = measured(config.log, "average_loss");
    const auto losses = measured(config.log, "train_loss");
    REQUIRE(averages.size() == 3);
    REQUIRE(losses.size() == 3);

    config.log.clear();
    std::vector<double> mean;
    for (std::uint64_t version = 1; version <= 48; ++version) {
      config.stop.updates = version;
      const std::vector<double> state = run<double>(config, workload).state;
      mean.resize(state.size());
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += state[i] / 16;
      if (version % 16 != 0) continue;
      const std::size_t window = version / 16 - 1;
      CHECK(averages[window] == doctest::Approx(train_loss(*workload, mean)).epsilon(1e-12));
      CHECK(losses[window] == doctest::Approx(train_loss(*workload, state)).epsilon(1e-12));
      mean.assign(mean.size(), 0);
    }
  }
}

TEST_CASE("horizon on every base, 1, 2 and 3 threads, gives the same K, reasons and weights") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const std::string base : every_base) {
    CAPTURE(base);
    const TemporaryFolder folder;
    RunConfig config = short_run(horizon_on(base));
    config.stop.updates = 300;
    config.log = (folder / "1").string();
    const auto one = run<float>(config, workload);
    CHECK(one.result.k.size() >= 2);
    for (const std::uint32_t threads : {2U, 3U}) {
      config.threads = threads;
      config.log = (folder / std::to_string(threads)).string();
      const auto several = run<float>(config, workload);
      CHECK(same_bits(one.state, several.state));
      CHECK((testing::read_file(folder / "1") == testing::read_file(config.log)));
    }
  }
}

TEST_CASE("horizon, stopped and resumed anywhere, gives the same measurements, K and weights") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const std::string base : every_base) {
    const TemporaryFolder folder;
    RunConfig config = short_run(horizon_on(base));
    config.stop.updates = 200;
    config.log = (folder / "whole").string();
    const auto whole = run<double>(config, workload);
    CHECK(whole.result.k_changes.size() >= 1);
    const auto averages = measured(config.log, "average_loss");
    REQUIRE(averages.size() >= 10);
    // At the start, in the first window, at its end, and in a later one.
    for (const std::uint64_t stop_at : {1ULL, 7ULL, 16ULL, 101ULL}) {
      CAPTURE(base);
      CAPTURE(stop_at);
      RunConfig part = config;
      part.log = (folder / "parts").string();
      part.checkpoint = (folder / "checkpoint").string();
      part.stop.updates = stop_at;
      run<double>(part, workload);
      part.resume = part.checkpoint;
      part.stop.updates = 200;
      part.threads = 2;
      const auto parts = run<double>(part, workload);
      CHECK(same_bits(whole.state, parts.state));
      CHECK(whole.result.k == parts.result.k);
      CHECK(measured(part.log, "average_loss") == averages);
      REQUIRE(whole.result.k_changes.size() == parts.result.k_changes.size());
      for (std::size_t i = 0; i < whole.result.k_changes.size(); ++i) {
        CHECK(explain(whole.result.k_changes[i]) == explain(parts.result.k_changes[i]));
      }
    }
  }
}

TEST_CASE("horizon, all durations 1024 times longer or shorter, takes the same K") {
  const auto workload = tiny_workload<double>("quadratic(dimension=20, noise=2)");
  for (const std::string base : every_base) {
    CAPTURE(base);
    RunConfig config = short_run(horizon_on(base));
    config.model.batch = 1;
    config.stop.updates = 1500;
    const auto plain = run<double>(config, workload);
    REQUIRE(plain.result.k.size() >= 2);
    for (const double scale : {1024.0, 1 / 1024.0}) {
      config.fleet.delay = scale > 1 ? "exponential(rate=0.0009765625)" : "exponential(rate=1024)";
      config.stop.evaluate_every = 2 * scale;
      const auto scaled = run<double>(config, workload);
      CHECK(same_bits(plain.state, scaled.state));
      REQUIRE(plain.result.k.size() == scaled.result.k.size());
      for (std::size_t i = 0; i < plain.result.k.size(); ++i) {
        CHECK(scaled.result.k[i].first == scale * plain.result.k[i].first);
        CHECK(scaled.result.k[i].second == plain.result.k[i].second);
      }
    }
  }
}

TEST_CASE("horizon, each change of K, is explained in the result, and the log says the same") {
  const TemporaryFolder folder;
  RunConfig config = short_run("horizon");
  config.model.batch = 1;
  config.stop.updates = 6000;
  config.log = (folder / "log").string();
  const auto finished = run<double>(config, tiny_workload<double>("quadratic(dimension=20)"));
  REQUIRE(finished.result.k_changes.size() >= 2);
  const auto document = document_from_log(config.log);
  const auto& changes = document.at("settings")[0].at("policies")[0].at("k_changes");
  REQUIRE(changes.size() == finished.result.k_changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const KChange& change = finished.result.k_changes[i];
    CHECK(changes[i].at("text") == explain(change));
    CHECK(change.reasons.size() == 5);
    CHECK(explain(change).find("noise keeps the loss") != std::string::npos);
  }
}

TEST_CASE("a change of K by horizon, with and without progress, is explained in a sentence") {
  KChange change = {12.5, 4, 2, {}};
  change.reasons = {{"progress", 0.001234},
                    {"floor", 0.02},
                    {"runtime", 0.5},
                    {"next_floor", 0.04},
                    {"next_runtime", 0.25}};
  CHECK(explain(change) ==
        "t = 12.5: K 4 -> 2: an update takes 0.5 and learns 0.00123, noise keeps the loss 0.02 "
        "higher; with the new K an update takes 0.25, and noise keeps it 0.04 higher");
  change.reasons[0].second = -0.001;
  change.to = 8;
  CHECK(explain(change).starts_with(
      "t = 12.5: K 4 -> 8: updates no longer learn anything, noise keeps the loss 0.02 higher"));
}

}  // namespace
}  // namespace syncline
