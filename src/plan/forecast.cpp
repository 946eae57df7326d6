#include "plan/forecast.hpp"

#include <algorithm>
#include <cmath>

#include "base/summary.hpp"
#include "plan/expected_descent.hpp"
#include "plan/simulated_descent.hpp"

namespace syncline {
namespace {

/// Updates beyond which no candidate is followed.
constexpr double most_updates = 1e8;

/// A simulated run may need this many times the updates that theory expects before it is given up.
constexpr double overrun = 4;
constexpr double overrun_constant = 200;

/// Gradients that one simulated run may cost.
constexpr double most_gradients = 3e6;

constexpr double two_sided_95 = 1.96;

/// Student's factor for a 95 % interval from few runs.
double spread_factor(std::size_t runs) {
  static constexpr double factors[] = {0, 0, 12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31};
  return runs < std::size(factors) ? factors[runs] : two_sided_95 + 2.5 / static_cast<double>(runs);
}

/// Time = updates x time per update, and the start-up once.
void expect_updates(Forecast& forecast, double updates, double startup, const char* source) {
  const Estimate& period = forecast.runtime;
  forecast.updates = updates;
  if (updates == 0) startup = 0;
  forecast.time = Estimate{updates * period.value + startup, EstimateKind::approximation, source,
                           updates * period.lower + std::min(startup, 0.0),
                           updates * period.upper + std::max(startup, 0.0)};
}

/// Time alone, where pilots say how many updates are needed.
const QuadraticModel& nothing_to_descend() {
  static const QuadraticModel model;
  return model;
}

}  // namespace

double score(const Forecast& forecast, const Goal& goal) {
  if (!forecast.stable) return INFINITY;
  if (goal.loss) return forecast.time ? forecast.time->value : INFINITY;
  return forecast.loss_at_budget;
}

Forecast forecast_by_theory(const Candidate& candidate, const QuadraticModel& model,
                            FleetTheory& fleet, const Goal& goal) {
  Forecast forecast;
  forecast.candidate = candidate;
  const VariantPoint& point = *candidate.point;
  const PointTheory& theory = fleet.at(point);
  forecast.runtime = theory.runtime;
  forecast.staleness = theory.mean_staleness;
  const auto k = static_cast<double>(point.k);
  forecast.link_load =
      std::min(1.0, fleet.timing()->link_time * theory.pushes / forecast.runtime.value);
  if (goal.updates) {
    expect_updates(forecast, goal.updates->needed(k, theory.mean_staleness), theory.startup,
                   "updates that the pilots needed x time per update");
    forecast.gradients = forecast.updates * k;
    forecast.pushes = forecast.updates * theory.pushes;
    return forecast;
  }
  const ExpectedDescent descent(model, candidate.step_size, k, theory.staleness);
  forecast.stable = descent.stable();
  forecast.floor = descent.floor();
  const double period = forecast.runtime.value;
  if (!forecast.stable || !std::isfinite(period)) return forecast;
  if (goal.loss) {
    if (const auto updates = descent.updates_to(*goal.loss, most_updates)) {
      expect_updates(forecast, *updates, theory.startup,
                     "expected descent of the model x time per update");
    }
  } else {
    forecast.updates = goal.time / period;
    forecast.loss_at_budget = descent.loss(forecast.updates);
  }
  forecast.gradients = forecast.updates * k;
  forecast.pushes = forecast.updates * theory.pushes;
  return forecast;
}

Forecast forecast_by_simulation(const Candidate& candidate, const QuadraticModel& model,
                                FleetTheory& fleet, const Goal& goal, std::size_t runs,
                                double patience) {
  Forecast forecast;
  forecast.candidate = candidate;
  forecast.simulated = true;
  DescentLimits limits;
  limits.target = goal.loss;
  limits.time = goal.loss ? (std::isfinite(patience) ? patience : 0) : goal.time;
  double k = 1;
  double expected = most_updates;
  double lost_pushes = 0;  // of cancelled jobs, for each gradient that is applied
  if (candidate.point) {
    const Forecast theory = forecast_by_theory(candidate, model, fleet, goal);
    k = static_cast<double>(candidate.point->k);
    forecast.floor = theory.floor;
    forecast.runtime = theory.runtime;
    forecast.staleness = theory.staleness;
    forecast.updates = theory.updates;
    lost_pushes = fleet.at(*candidate.point).pushes / k - 1;
    if (theory.updates > 0) expected = overrun * theory.updates + overrun_constant;
  }
  limits.updates = static_cast<std::uint64_t>(std::min(expected, most_gradients / k));
  if (goal.updates) {
    limits.target.reset();
    limits.updates = static_cast<std::uint64_t>(std::ceil(forecast.updates));
  }
  const QuadraticModel& descended = goal.updates ? nothing_to_descend() : model;
  std::vector<double> times, losses, periods, updates, staleness, idle, cancelled, gradients, rate;
  for (std::size_t run = 0; run < runs; ++run) {
    DescentResult result = simulate_descent(descended, candidate.policy, candidate.step_size,
                                            fleet.timing(), run + 1, limits);
    if (result.diverged) {
      forecast.stable = false;
      return forecast;
    }
    if (goal.updates && result.updates == limits.updates) result.target_time = result.elapsed;
    if (goal.loss && !result.target_time) return forecast;
    if (result.target_time) times.push_back(*result.target_time);
    losses.push_back(result.final_loss);
    updates.push_back(static_cast<double>(result.updates));
    gradients.push_back(static_cast<double>(result.gradients));
    if (result.updates == 0) continue;  // the budget is too short: it says nothing but that
    periods.push_back(result.runtime_per_update);
    staleness.push_back(result.mean_staleness);
    idle.push_back(result.idle_fraction);
    cancelled.push_back(result.cancelled_time_fraction);
    rate.push_back(static_cast<double>(result.pushes) / result.elapsed);
    if (run == 0 && !goal.updates) forecast.curve = std::move(result.curve);
  }
  const double factor = spread_factor(runs);
  const auto estimate = [factor](const std::vector<double>& values, const char* source) {
    const Summary summary = summarise(values);
    const double half = factor * summary.standard_error;
    return Estimate{summary.mean, EstimateKind::simulated, source,
                    std::max(0.0, summary.mean - half), summary.mean + half};
  };
  if (goal.loss) forecast.time = estimate(times, "simulated runs of the model");
  forecast.loss_at_budget = summarise(losses).mean;
  forecast.updates = summarise(updates).mean;
  forecast.gradients = summarise(gradients).mean;
  forecast.pushes = forecast.gradients * (1 + lost_pushes);
  if (periods.empty()) return forecast;
  forecast.runtime = estimate(periods, "simulated runs of the model");
  forecast.staleness = summarise(staleness).mean;
  forecast.idle_fraction = summarise(idle).mean;
  forecast.cancelled_time_fraction = summarise(cancelled).mean;
  forecast.link_load =
      std::min(1.0, fleet.timing()->link_time * summarise(rate).mean * (1 + lost_pushes));
  return forecast;
}

}  // namespace syncline
