// What a decision costs: nanoseconds per event of host and policy together, every policy with its
// usual parameters, 16 workers that push in turn. No queue, no delay laws and no vectors: next to a
// bare loop that hands the workers round, measured in the same run. Processor time, not time on the
// wall: other programs may run.

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "syncline/host.hpp"
#include "syncline/line_up.hpp"
#include "turns.hpp"

namespace syncline {
namespace {

constexpr std::uint32_t workers = 16;
constexpr std::uint64_t bare_events = 4'000'000;

/// Some scalars, for policies that want to see them.
class SomeScalars final : public ScalarSource {
 public:
  void describe(const Job& job, Arrive& event) override {
    event.loss = 1 + static_cast<double>(job.job % 5);
    event.norm = 1 + static_cast<double>((job.worker + job.job) % 4);
    event.distance = static_cast<double>(event.staleness());
  }
  void describe(Stepped& event) override {
    event.length = 1 + static_cast<double>(event.version % 3);
    event.norm = 1;
    event.dot = event.version % 4 == 0 ? 0.5 : -0.25;
    event.spread = 2;
  }
};

double nanoseconds_since(std::clock_t start) {
  return 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double bare_nanoseconds() {
  Turns turns(workers);
  Job job;
  for (job.worker = 0; job.worker < workers; ++job.worker) turns.schedule(job);
  const auto start = std::clock();
  for (std::uint64_t i = 0; i < bare_events; ++i) {
    job.worker = turns.next().worker;
    turns.schedule(job);
  }
  return nanoseconds_since(start) / static_cast<double>(bare_events);
}

void decide(benchmark::State& state, const std::string& policy) {
  PolicyContext context;
  context.workers = workers;
  Host host(make_policy(policy, context), policy, workers);
  SomeScalars scalars;
  host.set_scalar_source(&scalars);
  Turns turns(workers);
  double time = 0;
  const auto measure = [&] {
    while (host.due_measurement() != nullptr) host.measured(time, 1 / (1 + time), turns);
  };
  host.begin(0, turns);
  measure();
  const double bare = bare_nanoseconds();
  const auto start = std::clock();
  for (auto _ : state) {
    const Turns::Turn turn = turns.next();
    ++time;
    if (turn.reports) {
      host.progressed(time, turn.worker, turns);
    } else {
      host.arrive(time, turn.worker, turns);
    }
    measure();
  }
  const double ours = nanoseconds_since(start) / static_cast<double>(state.iterations());
  state.counters["ns"] = ours;
  state.counters["over_bare"] = ours / bare;
}

const bool registered = [] {
  // Time is counted in events: decisions on an interval come every 500 of them.
  for (const std::string& policy : usual_policies(workers, 10'000)) {
    benchmark::RegisterBenchmark(("decide/" + policy).c_str(),
                                 [policy](benchmark::State& state) { decide(state, policy); });
  }
  return true;
}();

}  // namespace
}  // namespace syncline
