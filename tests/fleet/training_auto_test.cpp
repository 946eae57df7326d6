// The policy `auto` in real runs: what it measures, and that it depends on nothing but its
// configuration.

#include <cmath>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
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

std::string auto_on(const std::string& base) { return "auto(base=" + base + ", interval=4)"; }

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

TEST_CASE("noise cost, quadratic with known noise, is eta^2 tr(H Cov) / 2 in the mean") {
  const TemporaryFolder folder;
  for (const std::string base : every_base) {
    for (const std::string optimizer : {"sgd", "momentum(momentum=0.5)"}) {
      CAPTURE(base);
      CAPTURE(optimizer);
      RunConfig config = short_run("auto(base=" + base + ", interval=1)");
      config.optimizer.name = optimizer;
      config.optimizer.step_size = 0.002;
      config.stop.updates = 4000;
      config.log = (folder / "log").string();
      // Hessian 1, noise 3 / sqrt(batch) altogether; from the minimum, so that nothing else counts.
      run<double>(config, tiny_workload<double>(
                              "quadratic(dimension=30, spectrum=constant, noise=3, start=0)"));
      const std::vector<double> values = measured(config.log, "noise_cost");
      REQUIRE(values.size() > 100);
      const Summary summary = summarise(values);
      const double way = config.optimizer.step_size / (optimizer == "sgd" ? 1 : 0.5);
      const double truth = way * way * 9 / config.model.batch / 2;
      CHECK(std::abs(summary.mean - truth) < 4 * summary.standard_error);
      CHECK(summary.standard_error < 0.03 * truth);
    }
  }
}

TEST_CASE("auto on every base, 1, 2 and 3 threads, gives the same K, reasons and weights") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  for (const std::string base : every_base) {
    CAPTURE(base);
    const TemporaryFolder folder;
    RunConfig config = short_run(auto_on(base));
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

TEST_CASE("auto, stopped and resumed anywhere, gives the same K, reasons and weights") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  for (const std::string base : every_base) {
    for (const std::uint64_t stop_at : {1ULL, 8ULL, 101ULL}) {
      CAPTURE(base);
      CAPTURE(stop_at);
      const TemporaryFolder folder;
      RunConfig config = short_run(auto_on(base));
      config.stop.updates = 200;
      const auto whole = run<double>(config, workload);
      config.checkpoint = (folder / "checkpoint").string();
      config.stop.updates = stop_at;
      run<double>(config, workload);
      config.resume = config.checkpoint;
      config.stop.updates = 200;
      config.threads = 2;
      const auto parts = run<double>(config, workload);
      CHECK(same_bits(whole.state, parts.state));
      CHECK(whole.result.k == parts.result.k);
      REQUIRE(whole.result.k_changes.size() == parts.result.k_changes.size());
      for (std::size_t i = 0; i < whole.result.k_changes.size(); ++i) {
        CHECK(explain(whole.result.k_changes[i]) == explain(parts.result.k_changes[i]));
      }
    }
  }
}

TEST_CASE("noise cost, stopped between its two gradients and resumed, is the same") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  const TemporaryFolder folder;
  // K = 1: a window of 8 updates, so one of 8 stops lies right before its last gradient.
  RunConfig config = short_run("auto(base=k-async, interval=1, k_max=1)");
  config.log = (folder / "whole").string();
  run<double>(config, workload);
  const auto whole = measured(config.log, "noise_cost");
  REQUIRE(whole.size() >= 5);
  for (std::uint64_t stop_at = 30; stop_at < 38; ++stop_at) {
    CAPTURE(stop_at);
    RunConfig part = config;
    part.log = (folder / "parts").string();
    part.checkpoint = (folder / "checkpoint").string();
    part.stop.updates = stop_at;
    run<double>(part, workload);
    part.resume = part.checkpoint;
    part.stop.updates = config.stop.updates;
    run<double>(part, workload);
    CHECK(measured(part.log, "noise_cost") == whole);
  }
}

TEST_CASE("auto, all durations 1024 times longer or shorter, takes the same K at scaled times") {
  const auto workload = tiny_workload<double>("quadratic(dimension=20, noise=2)");
  for (const std::string base : every_base) {
    CAPTURE(base);
    RunConfig config = short_run("auto(base=" + base + ")");
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

TEST_CASE("auto, each change of K, is explained in the result, and the log says the same") {
  const TemporaryFolder folder;
  RunConfig config = short_run("auto(base=k-async)");
  config.model.batch = 1;
  config.stop.updates = 1500;
  config.log = (folder / "log").string();
  const auto finished = run<double>(config, tiny_workload<double>("quadratic(dimension=20)"));
  REQUIRE(finished.result.k_changes.size() >= 2);
  CHECK(finished.result.k_changes.size() + 1 == finished.result.k.size());
  const auto document = document_from_log(config.log);
  const auto& changes = document.at("settings")[0].at("policies")[0].at("k_changes");
  REQUIRE(changes.size() == finished.result.k_changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const KChange& change = finished.result.k_changes[i];
    CHECK(changes[i].at("text") == explain(change));
    CHECK(change.from == finished.result.k[i].second);
    CHECK(change.to == finished.result.k[i + 1].second);
    CHECK(change.reasons.size() == 5);
    CHECK(explain(change).find("noise costs") != std::string::npos);
  }
}

}  // namespace
}  // namespace syncline
