// The server's everyday work against the memory's bandwidth: milliseconds for the payloads of one
// step, and the same over the time in which a triad moves as many bytes, measured next to it.

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "syncline/aggregator.hpp"
#include "syncline/random.hpp"
#include "syncline/transform.hpp"

namespace syncline {
namespace {

constexpr std::size_t dimension = 1 << 20;
constexpr std::size_t count = 32;

double milliseconds_since(std::clock_t start) {
  return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

using Vectors = std::vector<std::vector<float>>;

Vectors random_vectors() {
  Vectors vectors(count, std::vector<float>(dimension));
  DrawStream stream(Stream::initial, {1, 0, 0});
  for (auto& vector : vectors) {
    for (float& x : vector) x = static_cast<float>(stream.normal());
  }
  return vectors;
}

/// Milliseconds of a triad a = b + s c, b being every vector in turn: it reads two numbers and
/// writes one.
double triad(const Vectors& vectors, const std::vector<float>& c, std::vector<float>& a) {
  const auto start = std::clock();
  for (const auto& b : vectors) {
    for (std::size_t i = 0; i < dimension; ++i) a[i] = b[i] + 0.5F * c[i];
    benchmark::DoNotOptimize(a.data());
    benchmark::ClobberMemory();
  }
  return milliseconds_since(start);
}

/// `transform` and `rule` may be empty. `numbers` that are moved for each number of a payload: 1 to
/// take a norm; 3 to add to a sum, which is read and written.
void against_triad(benchmark::State& state, const std::string& transform, const std::string& rule,
                   double numbers) {
  Vectors vectors = random_vectors();
  const auto change =
      transform.empty() ? nullptr : make_transform<float>(transform, {dimension, count});
  const auto sum = rule.empty() ? nullptr : make_aggregator<float>(rule, {dimension, dimension, 1});
  const std::vector<float> here(dimension, 0.0F);
  std::vector<float> scratch(dimension);
  double ours = 0;
  double memory = 0;
  for (auto _ : state) {
    state.PauseTiming();
    memory += triad(vectors, here, scratch) * numbers / 3;
    state.ResumeTiming();
    const auto start = std::clock();
    for (WorkerId worker = 0; worker < count; ++worker) {
      double weight = 1.0 / count;
      if (change) weight *= change->apply(worker, vectors[worker], here, here);
      benchmark::DoNotOptimize(weight);
      if (sum) sum->add(weight, vectors[worker]);
    }
    if (sum) benchmark::DoNotOptimize(sum->result().data());
    ours += milliseconds_since(start);
    if (sum) sum->clear();
  }
  state.counters["over_triad"] = ours / memory;
}

#define AGAINST_TRIAD(name, transform, rule, numbers) \
  BENCHMARK_CAPTURE(against_triad, name, transform, rule, numbers)->Unit(benchmark::kMillisecond)
AGAINST_TRIAD(mean_of_32, "", "mean", 3.0);
AGAINST_TRIAD(clip_32, "clip(norm=1)", "", 1.0);
AGAINST_TRIAD(mean_of_32_clipped, "clip(norm=1)", "mean", 4.0);
#undef AGAINST_TRIAD

}  // namespace
}  // namespace syncline
