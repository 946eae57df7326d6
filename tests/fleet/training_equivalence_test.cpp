// K-sync(P) with constant delays is one process that accumulates the P batches' gradients: in
// double precision to 1e-9, for every workload and optimizer.

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"

namespace syncline {
namespace {

using testing::short_run;
using testing::TinyShape;

constexpr std::uint32_t workers = 4;
constexpr std::uint64_t updates = 5;
constexpr TinyShape shape = {
    .channels = 3, .height = 32, .width = 32, .classes = 3, .train = 60, .test = 30};

/// One process: for each update, the gradients of the P batches one by one, their mean, a step, and
/// batch-norm buffers that follow the mean statistics.
std::vector<double> one_process(const RunConfig& config, const Workload<double>& workload) {
  const std::size_t d = workload.dimension();
  const std::size_t b = workload.buffers();
  std::vector<double> state(d + b);
  workload.initialise(config.seed, state);
  const auto replica = workload.make_replica();
  const auto optimizer = make_optimizer<double>(config.optimizer.name, d);
  std::unique_ptr<Sampler> sampler;
  if (const Dataset* dataset = workload.dataset()) {
    sampler = std::make_unique<Sampler>("iid", dataset->train.labels, dataset->classes, workers,
                                        config.seed);
  }
  std::vector<double> payload(d + b);
  std::vector<std::uint32_t> batch(config.model.batch, 0);
  for (std::uint64_t update = 0; update < updates; ++update) {
    std::vector<double> sum(d + b, 0.0);
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      if (sampler) sampler->draw(worker, update, batch);
      replica->gradient(state, batch, {config.seed, worker, update}, payload);
      for (std::size_t i = 0; i < d + b; ++i) sum[i] += payload[i] / workers;
    }
    std::vector<double> next(d);
    optimizer->step(std::span<const double>(state).first(d), std::span<const double>(sum).first(d),
                    config.optimizer.step_size, next);
    std::copy(next.begin(), next.end(), state.begin());
    for (std::size_t i = d; i < d + b; ++i) {
      state[i] = (1 - workload.buffer_momentum()) * state[i] + workload.buffer_momentum() * sum[i];
    }
  }
  return state;
}

TEST_CASE("sync with constant delays, every workload and optimizer, equals one process") {
  for (const auto& entry : workloads().entries()) {
    if (entry.name == "torchscript") continue;  // needs a file; the same code path
    const auto workload = testing::tiny_workload<double>(entry.name, shape);
    for (const char* optimizer : {"sgd", "momentum", "nesterov", "adam"}) {
      CAPTURE(entry.name);
      CAPTURE(optimizer);
      RunConfig config = short_run("sync");
      config.fleet.workers = workers;
      config.fleet.delay = "constant(value=1)";
      config.model.batch = 3;
      config.optimizer.name = optimizer;
      config.optimizer.step_size = 0.001;
      config.stop.updates = updates;
      config.stop.evaluate_every = 100;
      config.threads = 2;
      const std::vector<double> alone = one_process(config, *workload);
      TrainingRun<double> training(config, workload, testing::timing_of(config));
      training.set_final_evaluation(false);
      training.run({});
      const std::vector<double>& together = training.state();
      REQUIRE(alone.size() == together.size());
      double largest = 0;
      for (std::size_t i = 0; i < alone.size(); ++i) {
        largest =
            std::max(largest, std::abs(alone[i] - together[i]) / std::max(1.0, std::abs(alone[i])));
      }
      CHECK(largest <= 1e-9);
    }
  }
}

TEST_CASE("sync on a workload without batch norm equals one process on the concatenated batch") {
  for (const char* name : {"softmax", "mlp", "lenet"}) {
    const auto names = workloads().names();
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;  // without libtorch
    CAPTURE(name);
    const auto workload = testing::tiny_workload<double>(name, shape);
    RunConfig config = short_run("sync");
    config.fleet.workers = workers;
    config.fleet.delay = "constant(value=1)";
    config.model.batch = 3;
    config.stop.updates = 1;
    config.stop.evaluate_every = 100;
    TrainingRun<double> training(config, workload, testing::timing_of(config));
    training.set_final_evaluation(false);
    training.run({});

    const Dataset& dataset = *workload->dataset();
    const Sampler sampler("iid", dataset.train.labels, dataset.classes, workers, config.seed);
    std::vector<std::uint32_t> all(workers * config.model.batch);
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      sampler.draw(worker, 0, std::span(all).subspan(worker * config.model.batch, 3));
    }
    std::vector<double> state(workload->dimension() + workload->buffers());
    workload->initialise(config.seed, state);
    std::vector<double> payload(state.size());
    workload->make_replica()->gradient(state, all, {config.seed, 0, 0}, payload);
    double largest = 0;
    for (std::size_t i = 0; i < workload->dimension(); ++i) {
      const double stepped = state[i] - config.optimizer.step_size * payload[i];
      largest = std::max(largest, std::abs(stepped - training.state()[i]));
    }
    CHECK(largest <= 1e-9);
  }
}

}  // namespace
}  // namespace syncline
