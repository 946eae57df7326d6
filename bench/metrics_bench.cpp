// What it costs the event loop that others may look at a run: nanoseconds per event of host and
// policy, without and with the figures that --metrics-port and `top` read, in turns within one run.
// `looked_at`: while another thread asks for all of them all the time, far more often than a
// Prometheus does. Processor time of the thread of the events.

#include <algorithm>
#include <atomic>
#include <ctime>
#include <string>
#include <thread>

#include <benchmark/benchmark.h>

#include "syncline/host.hpp"
#include "trace/live_figures.hpp"
#include "turns.hpp"

namespace syncline {
namespace {

constexpr std::uint32_t workers = 16;
constexpr int events_in_a_turn = 200'000;

double nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

/// A run that can go on for ever, watched or not.
class Endless {
 public:
  Endless(const std::string& policy, bool watched)
      : host_(make_policy(policy, context()), policy, workers),
        turns_(workers),
        figures_(host_, "virtual", false) {
    if (watched) host_.add_observer(&figures_);
    host_.begin(0, turns_);
  }

  /// Nanoseconds per event.
  double take_turn() {
    const double begin = nanoseconds();
    for (int event = 0; event < events_in_a_turn; ++event) {
      host_.arrive(++time_, turns_.next().worker, turns_);
    }
    return (nanoseconds() - begin) / events_in_a_turn;
  }
  [[nodiscard]] const LiveFigures& figures() const { return figures_; }

 private:
  static PolicyContext context() {
    PolicyContext context;
    context.workers = workers;
    return context;
  }

  Host host_;
  Turns turns_;
  LiveFigures figures_;
  double time_ = 0;
};

void watch(benchmark::State& state, const std::string& policy, bool looked_at) {
  Endless bare(policy, false), watched(policy, true);
  std::atomic<bool> over = !looked_at;
  std::thread reader([&] {
    while (!over) benchmark::DoNotOptimize(watched.figures().picture());
  });
  double without = 1e300, with = 1e300;
  for (auto _ : state) {
    without = std::min(without, bare.take_turn());
    with = std::min(with, watched.take_turn());
  }
  over = true;
  reader.join();
  state.counters["ns_without"] = without;
  state.counters["ns_with"] = with;
  state.counters["more"] = with / without - 1;
}

BENCHMARK_CAPTURE(watch, sync, "sync", false);
BENCHMARK_CAPTURE(watch, async, "async", false);
BENCHMARK_CAPTURE(watch, k_async_4, "k-async(k=4)", false);
BENCHMARK_CAPTURE(watch, k_sync_12, "k-sync(k=12)", false);
BENCHMARK_CAPTURE(watch, looked_at, "async", true);

}  // namespace
}  // namespace syncline
