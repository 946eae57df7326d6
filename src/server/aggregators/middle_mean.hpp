#pragma once

#include <algorithm>

#include "server/aggregators/coordinates.hpp"
#include "server/aggregators/selection_network.hpp"

namespace syncline {

/// Per coordinate the mean of all values but the b smallest and the b largest.
/// REQUIRES: 2 b < payloads.size().
template <class Real>
void middle_mean(const Payloads<Real>& payloads, std::size_t b, std::span<Real> result) {
  const std::size_t end = payloads.size() - b;
  if (payloads.size() <= SelectionNetwork::most) {
    const SelectionNetwork network(payloads.size(), b, end, WireOrder::any);
    by_blocks(payloads, result, [&](Real* rows, Real* values) {
      network.run<block_width>(rows);
      mean_of_rows<block_width>(rows, b, end, values);
    });
    return;
  }
  by_columns(payloads, result, [&](std::span<Real> column) {
    const auto from = column.begin() + static_cast<std::ptrdiff_t>(b);
    const auto to = column.begin() + static_cast<std::ptrdiff_t>(end);
    std::nth_element(column.begin(), from, column.end());
    std::nth_element(from, to - 1, column.end());
    Real mean;
    mean_of_rows<1>(column.data(), b, end, &mean);
    return mean;
  });
}

}  // namespace syncline
