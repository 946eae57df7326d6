// Virtual-time training against bare libtorch loops that run concurrently, one per core, in turns
// within one run: the ratio is what counts, not the rates.

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "bare_loop.hpp"
#include "fleet/training/training_run.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr std::size_t batch = 32;
constexpr int rounds = 5;
constexpr double seconds_per_turn = 2;

/// Random pictures of CIFAR-10's size: speed does not depend on what they show.
std::shared_ptr<const Dataset> pictures() {
  static const std::shared_ptr<const Dataset> shared = [] {
    Dataset dataset;
    dataset.name = "random pictures";
    dataset.classes = 10;
    for (Samples* samples : {&dataset.train, &dataset.test}) {
      samples->count = 2000;
      samples->channels = 3;
      samples->height = samples->width = 32;
      samples->bytes.resize(samples->count * 3 * 32 * 32);
      samples->labels.resize(samples->count);
      DrawStream stream(Stream::initial, {1, 0, 0});
      for (auto& byte : samples->bytes) byte = static_cast<std::uint8_t>(stream.below(256));
      for (auto& label : samples->labels) label = static_cast<std::int32_t>(stream.below(10));
    }
    dataset.mean.assign(3, 0.47F);
    dataset.deviation.assign(3, 0.25F);
    return std::make_shared<const Dataset>(std::move(dataset));
  }();
  return shared;
}

/// Gradients per second of one bare loop per core, all at the same time.
double bare_rate(const std::string& model, std::uint32_t cores, bool channels_last) {
  std::vector<double> rates(cores);
  std::vector<std::thread> threads;
  for (std::uint32_t core = 0; core < cores; ++core) {
    threads.emplace_back([&, core] {
      BareLoop loop;
      loop.model = model;
      loop.batch = batch;
      loop.channels_last = channels_last;
      loop.seconds = seconds_per_turn;
      rates[core] = run_bare_loop(loop, *pictures()).gradients_per_second;
    });
  }
  for (auto& thread : threads) thread.join();
  double total = 0;
  for (const double rate : rates) total += rate;
  return total;
}

/// The part of a run that is not measured: the bare loops have a warm-up too.
constexpr double warm_up = 0.2;

/// Gradients per second of a virtual run after its warm-up. Its one evaluation, of one sample at
/// time 0, falls into that.
double virtual_rate(const std::shared_ptr<const Workload<float>>& workload,
                    const std::string& policy, std::uint32_t cores, double gradients) {
  RunConfig config;
  config.policy = policy;
  config.threads = cores;
  config.fleet.workers = 4 * cores;
  config.model.batch = batch;
  config.optimizer.step_size = 0.01;
  config.stop.time = gradients;  // an upper limit; the updates end the run
  config.stop.evaluate_every = 2 * gradients;
  config.stop.evaluation_samples = 1;
  const auto timing = std::make_shared<const FleetTiming>(config.fleet, 0.0);
  const double per_update = policy == "sync"    ? config.fleet.workers
                            : policy == "async" ? 1
                                                : static_cast<double>(config.fleet.workers) / 2;
  config.stop.updates = static_cast<std::uint64_t>(std::max(1.0, gradients / per_update));
  TrainingRun<float> run(config, workload, timing);
  run.set_final_evaluation(false);
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin;
  double measured_from = 0;
  Progress progress;
  progress.report = [&](const std::string&, double fraction) {
    if (measured_from > 0 || fraction < warm_up) return;
    measured_from = fraction;
    begin = Clock::now();
  };
  Clock::time_point end;
  run.on_point([&](const EvaluationPoint&) { end = Clock::now(); });  // told at the end of the run
  const RunResult result = run.run(progress);
  const double seconds = std::chrono::duration<double>(end - begin).count();
  return (1 - measured_from) * static_cast<double>(result.staleness.total()) / seconds;
}

/// Seconds that one core needs to evaluate 2,000 samples.
double evaluation_seconds(const Workload<float>& workload) {
  std::vector<float> state(workload.dimension() + workload.buffers());
  workload.initialise(1, state);
  const auto replica = workload.make_replica();
  const auto begin = std::chrono::steady_clock::now();
  replica->evaluate(state, Split::test, 0, 2000);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void train(benchmark::State& state, const std::string& model, const std::string& policy) {
  const std::uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
  WorkloadContext context;
  context.dataset = pictures();
  const auto workload = make_workload<float>(model, context);
  std::vector<double> bare, ours, ratios;
  for (auto _ : state) {
    const bool channels_last = bare_rate(model, cores, true) > bare_rate(model, cores, false);
    for (int round = 0; round < rounds; ++round) {
      bare.push_back(bare_rate(model, cores, channels_last));
      ours.push_back(virtual_rate(workload, policy, cores, seconds_per_turn * bare.back()));
      ratios.push_back(ours.back() / bare.back());
    }
  }
  state.counters["bare/s"] = median(bare);
  state.counters["virtual/s"] = median(ours);
  state.counters["ratio"] = median(ratios);
  state.counters["evaluation_s"] = evaluation_seconds(*workload);
  state.counters["ratio_least"] = *std::min_element(ratios.begin(), ratios.end());
}

const std::string half =
    "k-async(k=" + std::to_string(2 * std::max(1U, std::thread::hardware_concurrency())) + ")";

BENCHMARK_CAPTURE(train, lenet_sync, "lenet", "sync")->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(train, lenet_k_async, "lenet", half)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(train, lenet_async, "lenet", "async")->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(train, cnn_sync, "cnn", "sync")->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(train, cnn_k_async, "cnn", half)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(train, cnn_async, "cnn", "async")->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace syncline
