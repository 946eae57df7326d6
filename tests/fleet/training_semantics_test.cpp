// What the executor does with gradients, snapshots and evaluations.

#include <cmath>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::CountingWorkload;
using testing::run;
using testing::short_run;
using testing::tiny_workload;

TEST_CASE("gradients that will be cancelled or dropped are not computed, with several threads") {
  for (const char* policy : {"k-sync(k=2)", "k-batch-sync(k=3)", "k-sync(k=2, rest=finish)"}) {
    CAPTURE(policy);
    const auto workload =
        std::make_shared<CountingWorkload<float>>(tiny_workload<float>("softmax(lambda=0)"));
    RunConfig config = short_run(policy);
    config.threads = 2;
    const auto finished = run<float>(config, workload);
    const std::uint64_t folded = finished.result.staleness.total();
    // At the end of the run the look-ahead may have begun what would have come next.
    CHECK(workload->gradients() >= folded);
    CHECK(workload->gradients() <= folded + config.threads);
    CHECK(finished.result.account.cancelled + finished.result.account.dropped > 60);
  }
}

TEST_CASE("live snapshots never exceed the busy workers, two evaluations and two more") {
  for (const char* policy : {"sync", "k-async(k=2)", "async", "k-batch-async(k=3)"}) {
    for (const std::uint32_t threads : {1U, 3U}) {
      RunConfig config = short_run(policy);
      config.threads = threads;
      config.stop.updates = 300;
      config.stop.evaluate_every = 0.1;
      const auto finished = run<float>(config, tiny_workload<float>("softmax(lambda=0)"));
      CHECK(finished.result.peak_snapshots <= config.fleet.workers + 2 + 2);
    }
  }
}

TEST_CASE("staleness above zero really occurs under k-async and its gradients are applied") {
  const auto finished =
      run<double>(short_run("k-async(k=2)"), tiny_workload<double>("softmax(lambda=0)"));
  CHECK(finished.result.staleness.largest() > 0);
  CHECK(finished.result.staleness.mean() == doctest::Approx(2.0).epsilon(0.15));
  CHECK(finished.result.account.dropped == 0);
}

TEST_CASE("a step size that is far too large stops the run and says at which update") {
  RunConfig config = short_run("async");
  config.optimizer.step_size = 1e200;
  const auto finished = run<double>(config, tiny_workload<double>("quadratic(dimension=5)"));
  CHECK(finished.result.outcome == Outcome::diverged);
  REQUIRE(finished.result.diverged_at.has_value());
  CHECK(*finished.result.diverged_at == finished.result.updates);
  CHECK(finished.result.updates < 20);
}

TEST_CASE("adasync raises K as the training loss falls, only after measurements") {
  RunConfig config = short_run("adasync(base=k-sync, k0=1, interval=2)");
  config.stop.updates = 400;
  const auto finished = run<double>(config, tiny_workload<double>("softmax(lambda=0)"));
  const auto& k = finished.result.k;
  REQUIRE(k.size() >= 2);
  CHECK(k.front() == std::pair<double, double>{0.0, 1.0});
  for (std::size_t i = 1; i < k.size(); ++i) CHECK(k[i].second > k[i - 1].second);
  CHECK(k.back().second <= config.fleet.workers);
}

TEST_CASE("evaluations stand on the grid and see the updates up to their own time") {
  RunConfig config = short_run("sync");
  config.fleet.delay = "constant(value=1)";
  config.stop.updates = 0;
  config.stop.time = 5;
  config.stop.evaluate_every = 0.5;
  const auto finished = run<double>(config, tiny_workload<double>("quadratic(dimension=5)"));
  REQUIRE(finished.result.points.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) {
    const EvaluationPoint& point = finished.result.points[i];
    CHECK(point.time == 0.5 * static_cast<double>(i));
    CHECK(point.update == i / 2);
    CHECK(point.compute == 6 * point.time);
    CHECK(std::isnan(point.metrics.test_error));
  }
}

TEST_CASE("an evaluation holds the error on the training split too, and a run can aim at it") {
  RunConfig config = short_run("sync");
  config.stop.metric = "train_error";
  config.stop.target = 0.5;
  config.stop.evaluate_every = 1;
  config.stop.updates = 2000;
  const auto workload = tiny_workload<double>("softmax(lambda=0)");
  const auto finished = run<double>(config, workload);
  CHECK(finished.result.outcome == Outcome::target);
  REQUIRE(finished.result.final_metrics.has_value());
  const auto samples = workload->samples(Split::train);
  const EvaluationSums sums =
      workload->make_replica()->evaluate(finished.state, Split::train, 0, samples);
  CHECK(finished.result.final_metrics->train_error == sums.wrong / static_cast<double>(samples));
  CHECK(finished.result.final_metrics->train_error < 0.6);
  CHECK(finished.result.points.front().metrics.train_error > 0.6);
}

TEST_CASE("bad run configurations are refused before anything runs") {
  const auto workload = tiny_workload<float>("quadratic(dimension=5)");
  const auto refused = [&](auto change) {
    RunConfig config = short_run("async");
    change(config);
    CHECK_THROWS_AS(run<float>(config, workload), ConfigError);
  };
  refused([](RunConfig& config) { config.stop.updates = 0; });
  refused([](RunConfig& config) { config.stop.time = std::nan(""); });
  refused([](RunConfig& config) { config.stop.metric = "accuracy"; });
  refused([](RunConfig& config) { config.model.batch = 0; });
  refused([](RunConfig& config) { config.optimizer.step_size = 0; });
  refused([](RunConfig& config) { config.optimizer.step_size = INFINITY; });
  refused([](RunConfig& config) { config.optimizer.clip = -1; });
  refused([](RunConfig& config) { config.optimizer.scaling = "cubic"; });
  refused([](RunConfig& config) { config.optimizer.schedule = "step"; });
  refused([](RunConfig& config) { config.policy = "k-sync(k=7)"; });
  refused([](RunConfig& config) {
    config.optimizer.schedule = "warmup(length=9, then=step(every=2, unit=epochs))";
  });
}

TEST_CASE("sync whose workers have died for good, with a grid and no time, says so and ends") {
  const auto workload = testing::tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = testing::short_run("sync");
  config.fleet.lifetime = "uniform(low=5, high=10)";
  config.stop.updates = 1'000'000;
  config.stop.evaluate_every = 1;
  CHECK_THROWS_WITH_AS(testing::run<float>(config, workload), doctest::Contains("dead for good"),
                       DataError);
}

TEST_CASE("workers that live shorter than their jobs make no update, and the run ends in time") {
  const auto workload = testing::tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = testing::short_run("async");
  config.fleet.delay = "constant(value=10)";
  config.fleet.lifetime = "constant(value=5)";
  config.fleet.absence = "constant(value=1)";
  config.stop.time = 100;
  config.threads = 2;
  const auto result = testing::run<float>(config, workload).result;
  CHECK(result.updates == 0);
  CHECK(result.account.lost > 0);
  CHECK(result.outcome == Outcome::finished);
}

}  // namespace
}  // namespace syncline
