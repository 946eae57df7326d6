#include "theory/decreasing_integral.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/quadrature/gauss_kronrod.hpp>

namespace syncline {
namespace {

using Function = std::function<double(double)>;
using Rule = boost::math::quadrature::gauss_kronrod<double, 15>;

/// Relative to the whole integral, for one piece.
constexpr double tolerance = 1e-11;
constexpr int deepest = 40;
/// Jumps of a law among continuous ones, above which they are not met one by one.
constexpr std::size_t most_jumps = 2000;

constexpr double levels[] = {1e-17, 1e-14, 1e-11, 1e-9,  1e-7,  1e-5, 1e-4, 1e-3,
                             0.004, 0.012, 0.035, 0.1,   0.22,  0.36, 0.5,  0.64,
                             0.78,  0.9,   0.965, 0.988, 0.996, 0.999};
constexpr double upper_levels[] = {1e-4, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13};

struct Point {
  double t = 0;
  double g = 0;
};

std::vector<double> break_points(const Groups& groups, double from) {
  std::vector<double> points;
  for (const auto& group : groups) {
    const LawView& law = group.law;
    if (law.has_atoms() && law.atoms.size() <= most_jumps) {
      points.insert(points.end(), law.atoms.begin(), law.atoms.end());
      continue;
    }
    for (const double p : levels) points.push_back(law.law->quantile(p));
    for (const double q : upper_levels) points.push_back(law.law->quantile(1 - q));
    if (law.has_atoms()) points.push_back(law.atoms.back());
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  points.erase(points.begin(), std::upper_bound(points.begin(), points.end(), from));
  return points;
}

/// Where all laws are step functions, g is constant from jump to jump. Halving skips the stretches
/// on which it does not change.
void add_steps(const std::vector<double>& jumps, std::size_t first, double g_first,
               std::size_t last, double g_last, const Function& g, double& sum) {
  if (g_first == g_last || last - first == 1) {
    sum += (jumps[last] - jumps[first]) * g_first;
    return;
  }
  const std::size_t middle = first + (last - first) / 2;
  const double g_middle = g(jumps[middle]);
  add_steps(jumps, first, g_first, middle, g_middle, g, sum);
  add_steps(jumps, middle, g_middle, last, g_last, g, sum);
}

Integral integrate_steps(const Groups& groups, double from, const Function& g) {
  std::vector<double> jumps = {from};
  for (const auto& group : groups) {
    for (const double atom : group.law.atoms) {
      if (atom > from) jumps.push_back(atom);
    }
  }
  std::sort(jumps.begin(), jumps.end());
  jumps.erase(std::unique(jumps.begin(), jumps.end()), jumps.end());
  double sum = 0;
  if (jumps.size() > 1) {
    add_steps(jumps, 0, g(from), jumps.size() - 1, g(jumps.back()), g, sum);
  }
  return {sum, 1e-13 * sum};
}

/// Pieces between successive points, until each is as exact as the whole needs.
class Quadrature {
 public:
  Quadrature(const Function& g, double allowed) : g_(g), allowed_(allowed) {}

  void add(Point a, Point b, int depth = 0) {
    const double width = b.t - a.t;
    // A decreasing function bounds its own integral.
    if (width * (a.g - b.g) <= allowed_ || depth == deepest || !(std::log(b.t / a.t) > 1e-14)) {
      total_.value += width * (a.g + b.g) / 2;
      total_.error += width * (a.g - b.g) / 2;
      return;
    }
    const auto on_log_scale = [&](double y) {
      const double t = std::exp(y);
      return g_(t) * t;
    };
    double error = 0;
    const double low = std::log(a.t);
    const double high = std::log(b.t);
    const double value = Rule::integrate(on_log_scale, low, high, 0, 0.0, &error);
    if (error <= allowed_) {
      total_.value += value;
      total_.error += error;
      return;
    }
    const double middle = std::exp((low + high) / 2);
    if (!(middle > a.t && middle < b.t)) {
      total_.value += width * (a.g + b.g) / 2;
      total_.error += width * (a.g - b.g) / 2;
      return;
    }
    const Point halfway{middle, g_(middle)};
    add(a, halfway, depth + 1);
    add(halfway, b, depth + 1);
  }
  [[nodiscard]] Integral total() const { return total_; }

 private:
  const Function& g_;
  double allowed_;
  Integral total_;
};

}  // namespace

Integral integrate_between(std::span<const double> points, const Function& g, double allowed) {
  Quadrature quadrature(g, allowed);
  Point last{points[0], g(points[0])};
  for (const double t : points.subspan(1)) {
    const Point next{t, g(t)};
    quadrature.add(last, next);
    last = next;
  }
  return quadrature.total();
}

Integral integrate_decreasing(const Groups& groups, double from, double tail_exponent,
                              const Function& g) {
  const bool steps_only = std::all_of(
      groups.begin(), groups.end(), [](const WorkerGroup& group) { return group.law.has_atoms(); });
  if (steps_only) return integrate_steps(groups, from, g);

  std::vector<Point> points;
  double rough = 0;
  const auto append = [&](double t) {
    const Point next{t, g(t)};
    if (!points.empty()) rough += (t - points.back().t) * (points.back().g + next.g) / 2;
    points.push_back(next);
  };
  if (from > 0) append(from);
  for (const double t : break_points(groups, from)) append(t);
  if (points.empty()) append(std::max(from, std::numeric_limits<double>::min()));
  const double head = from > 0 ? 0 : points.front().t * g(0);
  rough += head;
  // Beyond the last quantile, in growing steps: until what is left can't be seen any more.
  for (double factor = 1.5; points.back().g > 0 && points.back().t < 1e290; factor *= factor) {
    factor = std::min(factor, 1e3);
    const Point last = points.back();
    append(std::min(last.t * factor, 1e290));
    const Point now = points.back();
    if (now.g * now.t <= 1e-14 * rough && now.g * now.t <= last.g * last.t) break;
  }
  Quadrature quadrature(g, tolerance * rough);
  for (std::size_t i = 1; i < points.size(); ++i) quadrature.add(points[i - 1], points[i]);
  Integral total = quadrature.total();
  total.value += head;
  if (std::isfinite(tail_exponent)) {
    const double rest = points.back().t * points.back().g / (tail_exponent - 1);
    total.value += rest;
    total.error += 1e-6 * rest;
  }
  return total;
}

}  // namespace syncline
