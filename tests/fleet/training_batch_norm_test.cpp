// Batch-norm statistics under async must follow the data as fast as in one process. (Averaging the
// workers' running buffers loses concurrent updates: 6 times slower at P = 8, 30 times at P = 40.)

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"

namespace syncline {
namespace {

using testing::TinyShape;

constexpr TinyShape shape = {
    .channels = 3, .height = 32, .width = 32, .classes = 3, .train = 120, .test = 30};

/// The buffers after some updates of a run whose parameters hardly move.
std::vector<float> buffers_after(const std::shared_ptr<const Workload<float>>& workload,
                                 std::uint32_t workers, std::uint64_t updates) {
  RunConfig config = testing::short_run("async");
  config.fleet.workers = workers;
  config.model.batch = 16;
  config.optimizer.step_size = 1e-12;
  config.stop.updates = updates;
  config.stop.evaluate_every = 1e6;
  TrainingRun<float> training(config, workload, testing::timing_of(config));
  training.set_final_evaluation(false);
  training.run({});
  const auto& state = training.state();
  return {state.begin() + static_cast<std::ptrdiff_t>(workload->dimension()), state.end()};
}

TEST_CASE("batch-norm buffers under async at P = 8 and 40 follow the data as in one process") {
  const auto workload = testing::tiny_workload<float>("cnn", shape);
  REQUIRE(workload->buffers() > 0);
  std::vector<float> start(workload->dimension() + workload->buffers());
  workload->initialise(7, start);
  start.erase(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(workload->dimension()));
  const std::vector<float> settled = buffers_after(workload, 1, 120);

  for (const std::uint32_t workers : {1U, 8U, 40U}) {
    constexpr std::uint64_t updates = 15;
    const std::vector<float> now = buffers_after(workload, workers, updates);
    // How far the buffers have come from their start towards where they settle.
    double way = 0;
    double whole = 0;
    for (std::size_t i = 0; i < now.size(); ++i) {
      const double direction = static_cast<double>(settled[i]) - static_cast<double>(start[i]);
      way += (static_cast<double>(now[i]) - static_cast<double>(start[i])) * direction;
      whole += direction * direction;
    }
    // In one process: 1 - 0.9^15 = 0.794; 6 times slower would be 0.23.
    CAPTURE(workers);
    CHECK(way / whole == doctest::Approx(1 - std::pow(0.9, updates)).epsilon(0.05));
  }
}

TEST_CASE("batch-norm buffers under gradient coding are those of sync, to rounding") {
  const auto workload = testing::tiny_workload<double>("cnn", shape);
  RunConfig config = testing::short_run("sync");
  config.fleet.workers = 4;
  config.fleet.delay = "constant(value=1)";
  config.stop.updates = 2;
  config.stop.evaluate_every = 1e6;
  const auto state = [&](const char* policy) {
    config.policy = policy;
    TrainingRun<double> training(config, workload, testing::timing_of(config));
    training.set_final_evaluation(false);
    training.run({});
    return training.state();
  };
  const auto sync = state("sync");
  config.fleet.delay = "exponential(rate=1)";
  for (const char* policy :
       {"gradient-coding(stragglers=1)", "gradient-coding(stragglers=2, code=cyclic)"}) {
    CAPTURE(policy);
    const auto coded = state(policy);
    double difference = 0;
    for (std::size_t i = 0; i < sync.size(); ++i) {
      difference = std::max(difference, std::abs(coded[i] - sync[i]) / (1 + std::abs(sync[i])));
    }
    CHECK(difference <= 1e-9);
  }
}

}  // namespace
}  // namespace syncline
