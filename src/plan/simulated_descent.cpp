#include "plan/simulated_descent.hpp"

#include <cmath>

#include "fleet/virtual/runtimes.hpp"
#include "fleet/virtual/virtual_fleet.hpp"
#include "plan/descent_observer.hpp"
#include "syncline/error.hpp"
#include "trace/run_statistics.hpp"

namespace syncline {
namespace {

/// Points kept of a curve: when there are twice as many, every second one goes.
constexpr std::size_t curve_points = 200;

/// A loss this many times the first one is not coming back.
constexpr double hopeless = 1e3;

double measurement(DescentObserver& descent, const std::string& name) {
  if (name == "train_loss") return descent.loss();
  if (name == "noise_cost") return descent.noise_cost();
  if (name == "average_loss") return descent.take_average_loss();
  throw ConfigError("the planner knows no measurement '" + name + "'");
}

/// A curve of bounded length, its points evenly spread over the updates.
class ThinnedCurve {
 public:
  void add(double time, double loss) {
    if (updates_++ % stride_ != 0) return;
    points_.emplace_back(time, loss);
    if (points_.size() < 2 * curve_points) return;
    for (std::size_t i = 0; 2 * i < points_.size(); ++i) points_[i] = points_[2 * i];
    points_.resize(points_.size() / 2);
    stride_ *= 2;
  }
  std::vector<std::pair<double, double>> take() { return std::move(points_); }

 private:
  std::vector<std::pair<double, double>> points_;
  std::uint64_t updates_ = 0;
  std::uint64_t stride_ = 1;
};

}  // namespace

DescentResult simulate_descent(const QuadraticModel& model, const std::string& policy,
                               double step_size, const std::shared_ptr<const FleetTiming>& timing,
                               std::uint64_t seed, const DescentLimits& limits) {
  const std::uint32_t workers = timing->profile.workers();
  VirtualFleet fleet(Host(make_policy(policy, policy_context(timing, seed)), policy, workers),
                     VirtualClock(timing, seed));
  RunStatistics statistics(workers, 0, true);
  DescentObserver descent(model, step_size, workers, seed);
  fleet.host().add_observer(&statistics);
  fleet.host().add_observer(&descent);
  fleet.begin();

  DescentResult result;
  ThinnedCurve curve;
  const double worst = hopeless * (std::abs(descent.loss()) + 1e-300);
  curve.add(0, descent.loss());
  Version seen = 0;
  while (true) {
    while (const Measurement* due = fleet.host().due_measurement()) {
      fleet.deliver(measurement(descent, due->name));
    }
    if (limits.target && descent.loss() <= *limits.target) {
      result.target_time = fleet.now();
      break;
    }
    if (fleet.host().finished() || fleet.host().version() >= limits.updates) break;
    const double next = fleet.next_time();
    if (!std::isfinite(next) || (limits.time > 0 && next > limits.time)) break;
    fleet.advance();
    if (fleet.host().version() == seen) continue;
    seen = fleet.host().version();
    curve.add(fleet.now(), descent.loss());
    if (!(std::abs(descent.loss()) < worst)) {
      result.diverged = true;
      break;
    }
  }
  result.final_loss = descent.loss();
  result.updates = fleet.host().version();
  result.gradients = fleet.host().account().applied;
  result.elapsed = fleet.now();
  result.runtime_per_update =
      result.updates > 0 ? result.elapsed / static_cast<double>(result.updates) : INFINITY;
  result.mean_staleness = statistics.staleness().mean();
  result.fresh_fraction = statistics.fresh_fraction();
  result.idle_fraction = statistics.idle_fraction();
  result.cancelled_time_fraction = statistics.cancelled_time_fraction();
  result.pushes = fleet.host().account().computed;
  result.curve = curve.take();
  result.k = descent.k();
  return result;
}

}  // namespace syncline
