#pragma once

// The screens of BRIDGE as their definitions say, with no thought of speed.

#include "server/aggregators_brute_force.hpp"

namespace syncline::brute_force {

/// y[c] = (w_j[c] + sum of the neighbours' values without the b largest and b smallest)
///        / (|N_j| - 2b + 1).
inline Vector bridge_t(const Vector& own, const Vectors& neighbours, std::size_t b) {
  Vector result;
  for (std::size_t c = 0; c < own.size(); ++c) {
    const Vector sorted = sorted_column(neighbours, c);
    double sum = own[c];
    for (std::size_t k = b; k < sorted.size() - b; ++k) sum += sorted[k];
    result.push_back(sum / static_cast<double>(sorted.size() - 2 * b + 1));
  }
  return result;
}

inline Vectors with_own(const Vector& own, Vectors neighbours) {
  neighbours.push_back(own);
  return neighbours;
}

inline Vector bridge_m(const Vector& own, const Vectors& neighbours, std::size_t) {
  return median(with_own(own, neighbours));
}

/// The place of the one with the least sum of squared distances to its |N| - b - 2 nearest others,
/// where there are |N| + 1 vectors; to its nearest one, if that is none.
inline std::size_t bridge_choice(const Vectors& v, std::size_t b) {
  const std::size_t n = v.size() - 1;
  const std::size_t nearest = n > b + 2 ? n - b - 2 : 1;
  std::size_t best = 0;
  std::pair<double, double> least;
  for (std::size_t i = 0; i < v.size(); ++i) {
    Vector squares;
    for (std::size_t j = 0; j < v.size(); ++j) {
      if (j != i) squares.push_back(squared_distance(v[i], v[j], v[i].size()));
    }
    std::sort(squares.begin(), squares.end());
    std::pair<double, double> score;
    for (std::size_t k = 0; k < squares.size(); ++k) {
      if (k < nearest) score.first += squares[k];
      score.second += squares[k];
    }
    if (i > 0 && !(score < least)) continue;
    best = i;
    least = score;
  }
  return best;
}

inline Vector bridge_k(const Vector& own, const Vectors& neighbours, std::size_t b) {
  const Vectors all = with_own(own, neighbours);
  return all[bridge_choice(all, b)];
}

inline Vector bridge_b(const Vector& own, const Vectors& neighbours, std::size_t b) {
  Vectors left = with_own(own, neighbours);
  Vectors chosen;
  while (chosen.size() < neighbours.size() - 2 * b) {
    const std::size_t best = bridge_choice(left, b);
    chosen.push_back(left[best]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return trimmed_mean(chosen, b);
}

}  // namespace syncline::brute_force
