#include "report/sample_fleet.hpp"

#include <algorithm>
#include <limits>

namespace syncline::test {
namespace {

constexpr int workers = 8;
constexpr double never = std::numeric_limits<double>::infinity();

struct Worker {
  long read = 0;
  double start = 0;
  double finish = never;
  double idle_since = -1;
};

struct Push {
  int worker;
  long read;
  double time;
};

class Fleet {
 public:
  Fleet(const SamplePolicy& policy, unsigned seed, double horizon, double traced)
      : policy_(policy), random_(seed), horizon_(horizon), traced_(traced), crew_(workers) {
    run_.histogram.resize(1);
    run_.contributions.resize(workers);
    if (policy.adaptive) run_.k.push_back({0.0, policy.k});
  }

  SampleRun run() {
    for (int w = 0; w < workers; ++w) begin(w);
    for (;;) {
      const auto next =
          std::min_element(crew_.begin(), crew_.end(),
                           [](const Worker& a, const Worker& b) { return a.finish < b.finish; });
      if (next->finish > horizon_) break;
      now_ = next->finish;
      finish(static_cast<int>(next - crew_.begin()));
      if (static_cast<int>(buffer_.size()) >= policy_.k) update();
    }
    run_.held = static_cast<long>(buffer_.size());
    for (const auto& worker : crew_) run_.in_flight += worker.finish != never ? 1 : 0;
    return std::move(run_);
  }

 private:
  void begin(int w) {
    auto& worker = crew_[static_cast<std::size_t>(w)];
    if (worker.idle_since >= 0) span(w, "idle", worker.idle_since);
    if (worker.idle_since >= 0) run_.idle += now_ - worker.idle_since;
    const double rate = w < workers / 2 ? 1.0 : 0.5;
    worker = {version_, now_, now_ + std::exponential_distribution<>(rate)(random_), -1};
    ++run_.started;
  }

  void finish(int w) {
    auto& worker = crew_[static_cast<std::size_t>(w)];
    span(w, "compute", worker.start);
    run_.compute += now_ - worker.start;
    ++run_.computed;
    buffer_.push_back({w, worker.read, now_});
    worker.finish = never;
    worker.idle_since = now_;
    if (policy_.batch) begin(w);
  }

  void update() {
    double staleness = 0;
    for (const auto& push : buffer_) {
      const auto stale = version_ - push.read;
      staleness += static_cast<double>(stale);
      const auto bin = static_cast<std::size_t>(stale);
      if (bin >= run_.histogram.size()) run_.histogram.resize(bin + 1);
      ++run_.histogram[bin];
      ++run_.contributions[static_cast<std::size_t>(push.worker)];
      if (now_ <= traced_) run_.arrows.push_back({push.worker, push.time, now_, stale});
    }
    const int gradients = static_cast<int>(buffer_.size());
    run_.applied += gradients;
    run_.staleness_sum += staleness;
    buffer_.clear();
    ++version_;
    for (int w = 0; w < workers; ++w) restart(w);
    run_.updates.push_back({now_, run_.compute, staleness / gradients, gradients});
    if (policy_.adaptive && policy_.k < workers && now_ >= next_k_) {
      run_.k.push_back({now_, ++policy_.k});
      next_k_ += 25;
    }
  }

  void restart(int w) {
    const auto& worker = crew_[static_cast<std::size_t>(w)];
    if (worker.finish == never) {
      begin(w);
    } else if (policy_.cancels && worker.read < version_) {
      if (worker.start < now_) {
        span(w, "cancelled", worker.start);
        run_.compute += now_ - worker.start;
        run_.cancelled_time += now_ - worker.start;
      }
      ++run_.cancelled;
      begin(w);
    }
  }

  void span(int w, const char* kind, double from) {
    if (from < now_ && from < traced_) run_.spans.push_back({w, kind, from, now_});
  }

  SamplePolicy policy_;
  std::mt19937 random_;
  double horizon_, traced_;
  double now_ = 0, next_k_ = 25;
  long version_ = 0;
  std::vector<Worker> crew_;
  std::vector<Push> buffer_;
  SampleRun run_;
};

}  // namespace

SampleRun simulate_sample(const SamplePolicy& policy, unsigned seed, double horizon,
                          double traced) {
  return Fleet(policy, seed, horizon, traced).run();
}

}  // namespace syncline::test
