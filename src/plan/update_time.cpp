#include "plan/update_time.hpp"

#include <algorithm>
#include <cmath>

namespace syncline {
namespace {

/// Rate of pushes of a fleet in which nobody ever waits, each job `extra` longer than its law says.
double push_rate(const DelayProfile& fleet, double extra) {
  double rate = 0;
  for (const auto& [count, law] : fleet.groups()) rate += count / (law->mean() + extra);
  return rate;
}

bool cancels(const VariantPoint& point) {
  return point.family == VariantFamily::k_sync || point.family == VariantFamily::k_batch_sync;
}

/// The shortest time from `value` on in which the link carries all that comes to it in that time.
double with_link(const VariantPoint& point, const FleetTiming& timing, double value) {
  constexpr int rounds = 1000;
  constexpr double settled = 1e-6;
  if (timing.link_time == 0 || !std::isfinite(value)) return value;
  // What comes grows with the time, but is bounded: this rises to a fixed point.
  for (int i = 0; i < rounds; ++i) {
    const double needed = timing.link_time * pushes_per_update(point, timing, value);
    if (needed <= value * (1 + settled)) break;
    value = needed;
  }
  return value;
}

}  // namespace

double pushes_per_update(const VariantPoint& point, const FleetTiming& timing, double duration) {
  const auto k = static_cast<double>(point.k);
  if (!cancels(point) || timing.link_time == 0) return k;
  double begun = 0;
  for (const auto& [count, law] : timing.profile.groups()) {
    begun += count * law->cdf(duration - timing.trip());
  }
  return std::max(k, begun);
}

Estimate update_time(const VariantPoint& point, const FleetTiming& timing, const Estimate& bare) {
  const auto k = static_cast<double>(point.k);
  const double workers = timing.profile.workers();
  const double trip = timing.trip();
  double value = bare.value;
  switch (point.family) {
    case VariantFamily::k_sync:
      value += trip;
      break;
    case VariantFamily::k_batch_sync:
      // Everybody starts with a trip; who pushes more than once makes more of them.
      value += trip * std::max(1.0, k / workers);
      break;
    case VariantFamily::k_async:
      // At K = P all wait for all; at K = 1 the trips of P workers overlap.
      value += trip * k / workers;
      break;
    case VariantFamily::k_batch_async:
      if (trip > 0) value = k / push_rate(timing.profile, trip);
      break;
  }
  if (cancels(point) && !(point.family == VariantFamily::k_sync && k == workers)) {
    value += timing.restart_cost;
  }
  value = with_link(point, timing, value);
  if (value == bare.value) return bare;
  return {value, EstimateKind::approximation,
          bare.source + ", with communication added by its mean", bare.lower,
          bare.upper + value - bare.value};
}

}  // namespace syncline
