#include "plan/fleet_only.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

/// As good as: within this factor.
constexpr double tie = 1.02;

constexpr double busy_link = 0.7;

double noiseless_cost(const Forecast& forecast) {
  return forecast.runtime.value * (1 + forecast.staleness);
}

double noisy_cost(const Forecast& forecast) {
  return forecast.runtime.value / static_cast<double>(forecast.candidate.point->k);
}

}  // namespace

FleetView view_of(FleetTheory& fleet, double step_size) {
  FleetView view;
  const std::uint32_t workers = fleet.workers();
  double least_noiseless = INFINITY;
  double least_noisy = INFINITY;
  for (const VariantPoint& point : candidate_points(workers)) {
    Forecast forecast;
    forecast.candidate = {policy_text(point, workers), point, step_size};
    const PointTheory& theory = fleet.at(point);
    forecast.runtime = theory.runtime;
    forecast.staleness = theory.mean_staleness;
    forecast.link_load =
        std::min(1.0, fleet.timing()->link_time * theory.pushes / forecast.runtime.value);
    least_noiseless = std::min(least_noiseless, noiseless_cost(forecast));
    least_noisy = std::min(least_noisy, noisy_cost(forecast));
    view.points.push_back(std::move(forecast));
  }
  const Forecast& sync = view.points.front();
  // Behind a full link all are as fast by these measures; who wins depends on more than they know.
  view.sync_is_best = sync.link_load < busy_link && noiseless_cost(sync) <= tie * least_noiseless &&
                      noisy_cost(sync) <= tie * least_noisy;
  return view;
}

}  // namespace syncline
