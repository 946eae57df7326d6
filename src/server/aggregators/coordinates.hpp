#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "server/aggregators/payload_set.hpp"

namespace syncline {

/// Coordinates that are worked on together. A block of 32 payloads fits into the L1 cache.
inline constexpr std::size_t block_width = 64;

/// Calls rule(rows, values) for one block of coordinates after the other. `rows` holds a row of
/// block_width coordinates for each payload, the rule's to change; it writes block_width values,
/// which become the result. (The last block is filled up with anything.)
template <class Real, class Rule>
void by_blocks(const Payloads<Real>& payloads, std::span<Real> result, Rule&& rule) {
  std::vector<Real> rows(payloads.size() * block_width);
  std::array<Real, block_width> values{};
  for (std::size_t begin = 0; begin < result.size(); begin += block_width) {
    const std::size_t width = std::min(block_width, result.size() - begin);
    for (std::size_t i = 0; i < payloads.size(); ++i) {
      std::copy_n(payloads[i].data() + begin, width, rows.data() + i * block_width);
    }
    rule(rows.data(), values.data());
    std::copy_n(values.data(), width, result.data() + begin);
  }
}

/// The same for rules that look at one coordinate at a time: rule(column) returns its value;
/// `column`, a number of each payload, is the rule's to change.
template <class Real, class Rule>
void by_columns(const Payloads<Real>& payloads, std::span<Real> result, Rule&& rule) {
  std::vector<Real> column(payloads.size());
  by_blocks(payloads, result, [&](const Real* rows, Real* values) {
    for (std::size_t i = 0; i < block_width; ++i) {
      for (std::size_t k = 0; k < column.size(); ++k) column[k] = rows[k * block_width + i];
      values[i] = rule(std::span<Real>(column));
    }
  });
}

/// values = the mean of the rows first ... last - 1, each of `width` coordinates.
template <std::size_t width, class Real>
void mean_of_rows(const Real* rows, std::size_t first, std::size_t last, Real* values) {
  std::copy_n(rows + first * width, width, values);
  for (std::size_t k = first + 1; k < last; ++k) {
    for (std::size_t i = 0; i < width; ++i) values[i] += rows[k * width + i];
  }
  const auto count = static_cast<Real>(last - first);
  for (std::size_t i = 0; i < width; ++i) values[i] /= count;
}

}  // namespace syncline
