#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/tools/toms748_solve.hpp>

#include "syncline/error.hpp"
#include "syncline/error_bound.hpp"

namespace syncline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Decay per unit of time of a strongly convex curve.
double decay(const ErrorCurve& curve) { return -std::log1p(-curve.bound.rate) / curve.runtime; }

/// a.initial / (t / a.runtime + 1) + a.floor = the same of b: a quadratic equation in t.
std::vector<double> hyperbolas(const ErrorCurve& a, const ErrorCurve& b) {
  const double gap = a.bound.floor - b.bound.floor;
  const double p = a.bound.initial * a.runtime;
  const double q = b.bound.initial * b.runtime;
  // gap (t + Ta)(t + Tb) + p (t + Tb) - q (t + Ta) = 0
  const double square = gap;
  const double linear = gap * (a.runtime + b.runtime) + p - q;
  const double constant = gap * a.runtime * b.runtime + p * b.runtime - q * a.runtime;
  std::vector<double> times;
  const auto keep = [&](double t) {
    if (t > 0 && std::isfinite(t)) times.push_back(t);
  };
  const double under_root = linear * linear - 4 * square * constant;
  if (square == 0) {
    if (linear != 0) keep(-constant / linear);
  } else if (under_root >= 0) {
    const double sum = -(linear + std::copysign(std::sqrt(under_root), linear)) / 2;
    keep(sum / square);
    if (sum != 0) keep(constant / sum);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// Difference of two curves from one start: three exponential terms have two roots at most, and
/// time 0 is one of them. So the sign soon after the start and that at the end tell.
std::vector<double> exponentials(const ErrorCurve& a, const ErrorCurve& b) {
  const auto difference = [&](double t) { return a.at(t) - b.at(t); };
  const auto fall = [](const ErrorCurve& curve) {
    return (curve.bound.initial - curve.bound.floor) * decay(curve);
  };
  const double early = fall(b) - fall(a);
  const double late = a.bound.floor - b.bound.floor;
  if (early == 0 || late == 0 || (early > 0) == (late > 0)) return {};
  double low = 1e-9 / std::max(decay(a), decay(b));
  while (low > 1e-300 && (difference(low) > 0) != (early > 0)) low /= 16;
  double high = 1 / std::min(decay(a), decay(b));
  while (high < 1e300 && (difference(high) > 0) != (late > 0)) high *= 2;
  if (!(low < high) || (difference(low) > 0) == (difference(high) > 0)) return {};
  const auto close = [](double x, double y) { return y - x <= 1e-13 * y; };
  std::uintmax_t steps = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(difference, low, high, close, steps);
  return {(left + right) / 2};
}

}  // namespace

std::vector<double> crossings(const ErrorCurve& a, const ErrorCurve& b) {
  if (a.bound.strongly_convex != b.bound.strongly_convex) {
    throw ConfigError(
        "curves of strongly convex and of non-convex bounds measure different things "
        "and can't be compared");
  }
  return a.bound.strongly_convex ? exponentials(a, b) : hyperbolas(a, b);
}

std::vector<EnvelopePiece> lower_envelope(const std::vector<ErrorCurve>& curves) {
  if (curves.empty()) throw InternalError("an envelope of no curves");
  std::vector<double> times = {0};
  for (std::size_t i = 0; i < curves.size(); ++i) {
    for (std::size_t j = i + 1; j < curves.size(); ++j) {
      for (const double t : crossings(curves[i], curves[j])) times.push_back(t);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::vector<EnvelopePiece> pieces;
  for (std::size_t i = 0; i < times.size(); ++i) {
    // Between crossings the order does not change: ask in the middle.
    const bool last = i + 1 == times.size();
    const double end = last ? infinity : times[i + 1];
    const double probe = last ? 2 * times[i] + curves[0].runtime : (times[i] + end) / 2;
    std::size_t best = 0;
    for (std::size_t c = 1; c < curves.size(); ++c) {
      if (curves[c].at(probe) < curves[best].at(probe)) best = c;
    }
    if (!pieces.empty() && pieces.back().index == best) {
      pieces.back().end = end;
    } else {
      pieces.push_back({best, times[i], end});
    }
  }
  return pieces;
}

}  // namespace syncline
