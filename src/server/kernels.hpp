#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace syncline {

/// Sums over long vectors are sums over fixed blocks, so that a result doesn't depend on how a
/// vector is cut into shards (shard borders lie on block edges).
inline constexpr std::size_t sum_block = 4096;

template <class Term>
double blocked_sum(std::size_t size, Term&& term) {
  double total = 0;
  for (std::size_t begin = 0; begin < size; begin += sum_block) {
    const std::size_t end = std::min(begin + sum_block, size);
    double block = 0;
    for (std::size_t i = begin; i < end; ++i) block += term(i);
    total += block;
  }
  return total;
}

template <class Real>
double squared_norm(std::span<const Real> x) {
  return blocked_sum(x.size(), [&](std::size_t i) {
    return static_cast<double>(x[i]) * static_cast<double>(x[i]);
  });
}

template <class Real>
double squared_distance(std::span<const Real> x, std::span<const Real> y) {
  return blocked_sum(x.size(), [&](std::size_t i) {
    const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
    return difference * difference;
  });
}

}  // namespace syncline
