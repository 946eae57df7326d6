// What a server does for one update of K gradients, fold, momentum and step, against the memory's
// bandwidth, for vectors beyond the cache: the bytes that it moves per second over those that a
// triad moves, in turns, both by one thread. Processor time: other programs may run.

#include <ctime>
#include <vector>

#include <benchmark/benchmark.h>

#include "fleet/training/load_workload.hpp"
#include "server/parameter_server.hpp"

namespace syncline {
namespace {

constexpr std::size_t dimension = std::size_t{12} << 20;  // 48 MiB each

double seconds_since(std::clock_t start) {
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// Seconds of a = b + s c, which reads two numbers and writes one.
double triad(std::vector<float>& a, const std::vector<float>& b, const std::vector<float>& c) {
  const auto start = std::clock();
  for (std::size_t i = 0; i < dimension; ++i) a[i] = b[i] + 0.5F * c[i];
  benchmark::DoNotOptimize(a.data());
  benchmark::ClobberMemory();
  return seconds_since(start);
}

void server_applies(benchmark::State& state) {
  const auto k = static_cast<std::size_t>(state.range(0));
  ModelConfig model;
  model.workload = "quadratic(dimension=" + std::to_string(dimension) + ", noise=0)";
  OptimizerConfig optimizer;
  optimizer.name = "momentum(momentum=0.9)";
  optimizer.step_size = 1e-3;
  const auto workload = load_workload<float>(model);
  ParameterServer<float> server(*workload, optimizer, ServerLayout{});
  const std::vector<std::vector<float>> gradients(k, std::vector<float>(dimension, 1e-3F));
  std::vector<float> a(dimension), b(dimension, 1), c(dimension, 2);
  // The first payload is read and the sum written; each further one is added to a sum that is read
  // and written. The step reads gradient, velocity and parameters, and writes the latter two.
  const double numbers = 2 + 3 * static_cast<double>(k - 1) + 5;
  double ours = 0, memory = 0;
  std::uint64_t version = 0;
  for (auto _ : state) {
    // Workers hold the version that they compute at.
    const auto read = server.snapshot();
    const auto start = std::clock();
    for (const auto& gradient : gradients) {
      server.fold(0, 1 / static_cast<double>(k), gradient, *read);
    }
    server.step(0, 1, ++version);
    ours += seconds_since(start);
    state.PauseTiming();
    memory += triad(a, b, c) * numbers / 3;
    state.ResumeTiming();
  }
  state.counters["of_bandwidth"] = memory / ours;
  state.counters["GB/s"] = 1e-9 * numbers * sizeof(float) * static_cast<double>(dimension) *
                           static_cast<double>(state.iterations()) / ours;
}

BENCHMARK(server_applies)->Arg(1)->Arg(4)->Arg(8)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace syncline
