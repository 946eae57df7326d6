// Simulation without gradients: events (jobs started or ended) per second of one core.

#include <string>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include "syncline/simulate.hpp"

namespace syncline {
namespace {

void simulate_policy(benchmark::State& state, const std::string& policy, std::uint32_t workers,
                     std::uint64_t updates) {
  SimulationConfig config;
  config.policy = policy;
  config.fleet.workers = workers;
  config.updates = updates;
  double started = 0;
  double ended = 0;
  for (auto _ : state) {
    const auto gradients = simulate(config, {}).at("gradients");
    started += gradients.at("started").get<double>();
    ended += gradients.at("computed").get<double>() + gradients.at("cancelled").get<double>();
  }
  state.counters["events/s"] = benchmark::Counter(started + ended, benchmark::Counter::kIsRate);
  state.counters["starts/s"] = benchmark::Counter(started, benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(simulate_policy, async_of_8, "async", 8, 4'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_policy, k_async_4_of_8, "k-async(k=4)", 8, 1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_policy, k_batch_async_4_of_8, "k-batch-async(k=4)", 8, 1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_policy, async_of_1000, "async", 1000, 4'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_policy, k_async_500_of_1000, "k-async(k=500)", 1000, 8'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(simulate_policy, async_of_1000000, "async", 1'000'000, 8'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(simulate_policy, k_async_500000_of_1000000, "k-async(k=500000)", 1'000'000, 16)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_CAPTURE(simulate_policy, k_sync_1000_of_1000000, "k-sync(k=1000)", 1'000'000, 40)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace syncline
