#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "server/aggregators/weighted_sum.hpp"

namespace syncline {

/// ||x - y||^2 over `size` coordinates. Short runs are summed in Real, side by side, and the runs
/// in double: a relative error of 1e-6 at most in single precision, where sums in double throughout
/// take three times as long. Squares beyond the range of Real are taken in double.
template <class Real>
double block_distance(const Real* x, const Real* y, std::size_t size) {
  constexpr std::size_t lanes = 16;
  constexpr std::size_t run = 256;
  std::array<double, lanes> sums{};
  const std::size_t whole = size - size % run;
  for (std::size_t begin = 0; begin < whole; begin += run) {
    std::array<Real, lanes> parts{};
    for (std::size_t i = begin; i < begin + run; i += lanes) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const Real difference = x[i + lane] - y[i + lane];
        parts[lane] += difference * difference;
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += static_cast<double>(parts[lane]);
  }
  double sum = 0;
  for (const double lane : sums) sum += lane;
  constexpr double least = 1e10 * static_cast<double>(std::numeric_limits<Real>::min());
  constexpr auto most = static_cast<double>(std::numeric_limits<Real>::max());
  const std::size_t done = sum >= least && sum <= most ? whole : 0;
  const double rest = squared_distance<Real>({x + done, size - done}, {y + done, size - done});
  return done == 0 ? rest : sum + rest;
}

/// Squared distances of the payloads to a vector, over its length.
template <class Real>
std::vector<double> distances_to(std::span<const Real> centre, const Payloads<Real>& payloads) {
  std::vector<double> distances(payloads.size(), 0.0);
  each_block(centre.size(), [&](std::size_t begin, std::size_t size) {
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      distances[i] += block_distance(payloads[i].data() + begin, centre.data() + begin, size);
    }
  });
  return distances;
}

/// Squared distances of all pairs, [i * n + j], over the first `dimension` coordinates.
template <class Real>
std::vector<double> pair_distances(const Payloads<Real>& payloads, std::size_t dimension) {
  const std::size_t n = payloads.size();
  std::vector<double> distances(n * n, 0.0);
  each_block(dimension, [&](std::size_t begin, std::size_t size) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        distances[i * n + j] +=
            block_distance(payloads[i].data() + begin, payloads[j].data() + begin, size);
      }
    }
  });
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) distances[j * n + i] = distances[i * n + j];
  }
  return distances;
}

}  // namespace syncline
