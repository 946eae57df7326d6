#pragma once

// The rules as their definitions say (docs/robust.md), with no thought of speed.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

namespace syncline::brute_force {

using Vector = std::vector<double>;
using Vectors = std::vector<Vector>;

inline Vector mean(const Vectors& v) {
  Vector sum(v[0].size(), 0.0);
  for (const Vector& x : v) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += x[i] / static_cast<double>(v.size());
  }
  return sum;
}

/// Of the first `dimension` coordinates.
inline double squared_distance(const Vector& x, const Vector& y, std::size_t dimension) {
  double sum = 0;
  for (std::size_t i = 0; i < dimension; ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sum;
}
inline double distance(const Vector& x, const Vector& y, std::size_t dimension) {
  return std::sqrt(squared_distance(x, y, dimension));
}

inline Vector sorted_column(const Vectors& v, std::size_t i) {
  Vector column;
  for (const Vector& x : v) column.push_back(x[i]);
  std::sort(column.begin(), column.end());
  return column;
}

inline double median_of(const Vector& sorted) {
  return (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]) / 2;
}

inline Vector median(const Vectors& v) {
  Vector result;
  for (std::size_t i = 0; i < v[0].size(); ++i) result.push_back(median_of(sorted_column(v, i)));
  return result;
}

inline Vector trimmed_mean(const Vectors& v, std::size_t b) {
  Vector result;
  for (std::size_t i = 0; i < v[0].size(); ++i) {
    const Vector sorted = sorted_column(v, i);
    double sum = 0;
    for (std::size_t k = b; k + b < sorted.size(); ++k) sum += sorted[k];
    result.push_back(sum / static_cast<double>(sorted.size() - 2 * b));
  }
  return result;
}

/// Krum's score of v[i], then what breaks ties: the sum over all others, the place.
inline std::tuple<double, double, std::size_t> score(const Vectors& v, std::size_t i, std::size_t b,
                                                     std::size_t dimension) {
  Vector squares;
  for (std::size_t j = 0; j < v.size(); ++j) {
    if (j != i) squares.push_back(squared_distance(v[i], v[j], dimension));
  }
  std::sort(squares.begin(), squares.end());
  const std::size_t nearest = v.size() >= b + 3 ? v.size() - b - 2 : 1;
  double near = 0;
  double all = 0;
  for (std::size_t k = 0; k < squares.size(); ++k) {
    if (k < nearest) near += squares[k];
    all += squares[k];
  }
  return {near, all, i};
}

inline std::size_t krum_index(const Vectors& v, std::size_t b, std::size_t dimension) {
  auto best = score(v, 0, b, dimension);
  for (std::size_t i = 1; i < v.size(); ++i) best = std::min(best, score(v, i, b, dimension));
  return std::get<2>(best);
}

inline Vector krum(const Vectors& v, std::size_t b, std::size_t dimension) {
  return v[krum_index(v, b, dimension)];
}

inline Vector multi_krum(const Vectors& v, std::size_t b, std::size_t m, std::size_t dimension) {
  std::vector<std::tuple<double, double, std::size_t>> scores;
  for (std::size_t i = 0; i < v.size(); ++i) scores.push_back(score(v, i, b, dimension));
  std::sort(scores.begin(), scores.end());
  Vectors best;
  for (std::size_t k = 0; k < m; ++k) best.push_back(v[std::get<2>(scores[k])]);
  return mean(best);
}

inline Vector bulyan(Vectors v, std::size_t b, std::size_t dimension) {
  const std::size_t n = v.size();
  Vectors chosen;
  while (chosen.size() < n - 2 * b) {
    const auto best = static_cast<std::ptrdiff_t>(krum_index(v, b, dimension));
    chosen.push_back(v[static_cast<std::size_t>(best)]);
    v.erase(v.begin() + best);
  }
  Vector result;
  for (std::size_t i = 0; i < chosen[0].size(); ++i) {
    const Vector sorted = sorted_column(chosen, i);
    std::vector<std::pair<double, double>> by_distance;
    for (const double x : sorted) by_distance.emplace_back(std::abs(x - median_of(sorted)), x);
    std::sort(by_distance.begin(), by_distance.end());
    double sum = 0;
    for (std::size_t k = 0; k < n - 4 * b; ++k) sum += by_distance[k].second;
    result.push_back(sum / static_cast<double>(n - 4 * b));
  }
  return result;
}

inline Vector geometric_median(const Vectors& v, int iterations, double smoothing,
                               std::size_t dimension) {
  Vector z = mean(v);
  for (int t = 0; t < iterations; ++t) {
    Vector next(z.size(), 0.0);
    double sum = 0;
    for (const Vector& x : v) {
      const double weight = 1 / std::max(smoothing, distance(z, x, dimension));
      sum += weight;
      for (std::size_t i = 0; i < next.size(); ++i) next[i] += weight * x[i];
    }
    for (double& x : next) x /= sum;
    z = next;
  }
  return z;
}

/// From m, with the gradients alone.
inline Vector centred_clipping(const Vectors& v, Vector m, double radius, int iterations) {
  for (int t = 0; t < iterations; ++t) {
    Vector next = m;
    for (const Vector& x : v) {
      const double d = distance(x, m, m.size());
      const double factor = d > radius ? radius / d : 1;
      for (std::size_t i = 0; i < m.size(); ++i) {
        next[i] += factor * (x[i] - m[i]) / static_cast<double>(v.size());
      }
    }
    m = next;
  }
  return m;
}

}  // namespace syncline::brute_force
