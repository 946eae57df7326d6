#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "server/totals.hpp"

namespace syncline {

/// Sums over long vectors are sums over fixed blocks, so that a result doesn't depend on how a
/// vector is cut into shards (shard borders lie on block edges).
inline constexpr std::size_t sum_block = 4096;

/// A block's sum is made of so many, side by side: one alone would wait for each addition, and take
/// four times as long as reading the numbers from memory.
inline constexpr std::size_t sum_lanes = 32;

template <class Term>
double block_sum(std::size_t begin, std::size_t end, Term&& term) {
  std::array<double, sum_lanes> lanes{};
  std::size_t i = begin;
  for (; i + sum_lanes <= end; i += sum_lanes) {
    for (std::size_t lane = 0; lane < sum_lanes; ++lane) lanes[lane] += term(i + lane);
  }
  double block = 0;
  for (; i < end; ++i) block += term(i);
  for (const double lane : lanes) block += lane;
  return block;
}

/// `totals`: of a vector that is cut into shards; null: it is whole.
template <class Term>
double blocked_sum(std::size_t size, Term&& term, Totals* totals = nullptr) {
  if (totals != nullptr) {
    std::vector<double> blocks;
    for (std::size_t begin = 0; begin < size; begin += sum_block) {
      blocks.push_back(block_sum(begin, std::min(begin + sum_block, size), term));
    }
    return totals->total(blocks);
  }
  double total = 0;
  for (std::size_t begin = 0; begin < size; begin += sum_block) {
    total += block_sum(begin, std::min(begin + sum_block, size), term);
  }
  return total;
}

template <class Real>
double squared_norm(std::span<const Real> x, Totals* totals = nullptr) {
  return blocked_sum(
      x.size(),
      [&](std::size_t i) { return static_cast<double>(x[i]) * static_cast<double>(x[i]); }, totals);
}

template <class Real>
double squared_distance(std::span<const Real> x, std::span<const Real> y,
                        Totals* totals = nullptr) {
  return blocked_sum(
      x.size(),
      [&](std::size_t i) {
        const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
        return difference * difference;
      },
      totals);
}

}  // namespace syncline
