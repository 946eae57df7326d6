// Robust aggregation: milliseconds for the payloads of one step, to take them in and to aggregate
// them, and the same as multiples of the time that it takes to read them once, measured next to it.
// Processor time, not time on the wall: other programs may run.

#include <bit>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "syncline/aggregator.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr std::size_t dimension = 1 << 20;
constexpr std::size_t most = 32;

double milliseconds_since(std::clock_t start) {
  return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

const std::vector<std::vector<float>>& payloads() {
  static const std::vector<std::vector<float>> made = [] {
    std::vector<std::vector<float>> vectors(most, std::vector<float>(dimension));
    DrawStream stream(Stream::initial, {1, 0, 0});
    for (auto& vector : vectors) {
      for (float& x : vector) x = static_cast<float>(stream.normal());
    }
    return vectors;
  }();
  return made;
}

/// Milliseconds to read `count` payloads from memory, at the speed of whole cache lines: the bits
/// of all numbers are gathered, which no processor is too slow for.
double reading_time(std::size_t count) {
  const auto start = std::clock();
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t all = 0;
    for (const float x : payloads()[i]) all |= std::bit_cast<std::uint32_t>(x);
    benchmark::DoNotOptimize(all);
  }
  return milliseconds_since(start);
}

void aggregate(benchmark::State& state, const std::string& rule, std::size_t count) {
  const auto aggregator = make_aggregator<float>(rule, {dimension, dimension, 1});
  double adding = 0;
  double result = 0;
  double reading = 0;
  for (auto _ : state) {
    state.PauseTiming();
    reading += reading_time(count);
    state.ResumeTiming();
    const auto start = std::clock();
    for (std::size_t i = 0; i < count; ++i) {
      aggregator->add(1.0 / static_cast<double>(count), payloads()[i]);
    }
    adding += milliseconds_since(start);
    const auto added = std::clock();
    benchmark::DoNotOptimize(aggregator->result().data());
    result += milliseconds_since(added);
    aggregator->clear();
  }
  const auto steps = static_cast<double>(state.iterations());
  state.counters["add_ms"] = adding / steps;
  state.counters["result_ms"] = result / steps;
  state.counters["add/read"] = adding / reading;
  state.counters["result/read"] = result / reading;
}

#define AGGREGATE(name, rule, count) \
  BENCHMARK_CAPTURE(aggregate, name, rule, count)->Unit(benchmark::kMillisecond)
AGGREGATE(mean_of_32, "mean", 32);
AGGREGATE(centred_clipping_of_32, "centred-clipping(radius=1)", 32);
AGGREGATE(median_of_32, "median", 32);
AGGREGATE(trimmed_mean_of_32, "trimmed-mean(b=8)", 32);
AGGREGATE(geometric_median_of_32, "geometric-median", 32);
AGGREGATE(krum_of_32, "krum(b=8)", 32);
AGGREGATE(bulyan_of_32, "bulyan(b=7)", 32);
AGGREGATE(bucketed_median_of_32, "bucketing(size=2, rule=median)", 32);
#undef AGGREGATE

}  // namespace
}  // namespace syncline
