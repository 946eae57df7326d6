// Attacks that begin before a payload is sent: false labels, and too many payloads.

#include <cmath>
#include <utility>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "fleet/virtual/run_timing.hpp"
#include "support/manual_clock.hpp"
#include "syncline/error.hpp"
#include "syncline/transform.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::tiny_workload;

std::shared_ptr<const Workload<float>> with_flipped_labels(const std::string& model) {
  auto dataset = std::make_shared<Dataset>(*testing::tiny_dataset());
  for (auto& label : dataset->train.labels) {
    label = static_cast<std::int32_t>(dataset->classes) - 1 - label;
  }
  WorkloadContext context;
  context.dataset = dataset;
  return make_workload<float>(model, context);
}

TEST_CASE("label-flip, everybody bad, is training on false labels, bit for bit") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = short_run("k-sync(k=3)");
  const auto honest = run<float>(config, workload);
  const auto of_false_data = run<float>(config, with_flipped_labels("softmax(lambda=0.01)"));
  config.worker.attack = "label-flip(workers=6)";
  const auto flipped = run<float>(config, workload);
  CHECK(same_bits(flipped.state, of_false_data.state));
  // Evaluated on true labels: two classes of three are exchanged.
  CHECK(honest.result.final_metrics->test_error < 0.1);
  CHECK(flipped.result.final_metrics->test_error > 0.5);
}

TEST_CASE("label-flip, nobody or somebody bad, changes nothing or the bad alone") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = short_run("k-sync(k=3)");
  const auto honest = run<float>(config, workload).state;
  config.worker.attack = "label-flip(workers=0)";
  CHECK(same_bits(run<float>(config, workload).state, honest));
  config.worker.attack = "label-flip(who=2)";
  config.threads = 3;
  const auto one_bad = run<float>(config, workload).state;
  CHECK_FALSE(same_bits(one_bad, honest));
  config.threads = 1;
  CHECK(same_bits(run<float>(config, workload).state, one_bad));
}

TEST_CASE("label-flip without labels is refused, with the reason") {
  RunConfig config = short_run("sync");
  config.worker.attack = "label-flip";
  CHECK_THROWS_WITH_AS(run<float>(config, tiny_workload<float>("quadratic(dimension=3)")),
                       doctest::Contains("needs labels"), ConfigError);
}

TEST_CASE("flooding makes the bad, and nobody else, so many times as fast") {
  const auto workload = tiny_workload<float>("quadratic(dimension=3)");
  RunConfig config = short_run("async");
  Job job;
  job.gradient = 4;
  config.worker.attack = "flooding(who=2, rho=8)";
  const auto flooded = run_timing(config, *workload);
  config.worker.attack = "sign-flip(who=2)";
  const auto usual = run_timing(config, *workload);
  for (job.worker = 0; job.worker < 6; ++job.worker) {
    CAPTURE(job.worker);
    const double time = usual->sample(7, job, 1);
    CHECK(flooded->sample(7, job, 1) == (job.worker == 2 ? time / 8 : time));
  }
}

/// A run with the durations that its attack makes.
RunResult timed_run(const RunConfig& config,
                    const std::shared_ptr<const Workload<float>>& workload) {
  TrainingRun<float> training(config, workload, run_timing(config, *workload));
  return training.run({});
}

/// Sums up what one worker adds to the steps of a round.
class Influence final : public HostObserver {
 public:
  Influence(Transform<double>& transform, WorkerId watched)
      : transform_(transform), watched_(watched) {}

  void folded(const Job& job, double, Slot, double weight) override {
    // Honest ones push 1 in one direction, the bad one a million in another.
    std::vector<double> gradient = {job.worker == watched_ ? -8e5 : 1.0,
                                    job.worker == watched_ ? 6e5 : 0.0};
    weight *= transform_.apply(job.worker, gradient, {}, {});
    if (job.worker != watched_) return;
    way_ += weight * std::hypot(gradient[0], gradient[1]);
  }

  /// Since it was last asked.
  double take() { return std::exchange(way_, 0); }

 private:
  Transform<double>& transform_;
  WorkerId watched_;
  double way_ = 0;
};

TEST_CASE("a robust throttle, one worker floods each round, bounds how far that moves the model") {
  constexpr std::uint32_t workers = 5;
  constexpr double radius = 2;
  constexpr double q = 1.5;
  PolicyContext context;
  context.workers = workers;
  const char* text = "throttle(q=1.5, radius=2, robust=yes)";
  const auto transform = make_transform<double>("round-clip(radius=2)", {2, workers});
  Host host(make_policy(text, context), text, workers);
  CHECK(host.policy().requirements().transform == "round-clip(radius=2)");
  Influence influence(*transform, 0);
  host.add_observer(&influence);
  testing::ManualClock clock;
  host.begin(0, clock);
  double time = 0;
  for (unsigned round = 0; round < 4; ++round) {
    for (int i = 0; i < 40; ++i) clock.push(host, 0, ++time);
    for (WorkerId worker = 1; worker < workers; ++worker) clock.push(host, worker, ++time);
    CHECK(host.version() == 44U * (round + 1));
    const double way = influence.take();
    // At most 2 radius from the centre, which is at most radius long; then q^-1 + q^-2 + ...
    CHECK(way <= 3 * radius / workers + radius / (q - 1));
    // Further gradients take all that they are allowed.
    CHECK(way > radius / (q - 1));
  }
}

TEST_CASE("under flooding async hears mostly of the bad worker, and a robust throttle bears it") {
  const auto workload = tiny_workload<float>("softmax(lambda=0.01)");
  RunConfig config = short_run("async");
  config.fleet.delay = "constant(value=1)";
  config.worker.attack = "flooding(rho=8)";
  config.stop.updates = 0;
  config.stop.time = 50;
  const RunResult async = timed_run(config, workload);
  CHECK(async.contributions.at(0) == 8 * async.contributions.at(1));
  CHECK(async.final_metrics->test_error > 0.5);
  // The bad one has 1/6 + 1/3 of a round at most, the honest 5/6.
  config.policy = "throttle(q=4, radius=1, robust=yes)";
  CHECK(timed_run(config, workload).final_metrics->test_error < 0.1);
}

}  // namespace
}  // namespace syncline
