#pragma once

#include "fleet/decentralised/screen.hpp"
#include "server/aggregators/middle_mean.hpp"

namespace syncline {

/// BRIDGE-T. Per coordinate the mean of the own value, always, and of the neighbours' without the b
/// largest and the b smallest: y = (w_j + sum of the kept) / (|N_j| - 2b + 1).
template <class Real>
class TrimmedMeanScreen final : public Screen<Real> {
 public:
  TrimmedMeanScreen(const Arguments& arguments, const AggregatorShape& shape, const Topology&)
      : Screen<Real>(arguments, shape) {}

 private:
  void screen(std::span<const Real> own, const Payloads<Real>& neighbours,
              std::span<Real> result) const override {
    const std::size_t n = neighbours.size();
    const std::size_t b = bearable(this->b(), n, 2, 1);
    Payloads<Real> all = neighbours;
    all.push_back(own);
    if (n > SelectionNetwork::most) {
      by_columns(all, result, [&](std::span<Real> column) {
        const Real mine = column[n];
        if (b > 0) std::sort(column.begin(), column.end() - 1);
        return mean<1>(column.data(), b, n - b, &mine);
      });
      return;
    }
    if (n == 0) {
      std::copy(own.begin(), own.end(), result.begin());
      return;
    }
    const SelectionNetwork network(n, b, n - b, WireOrder::any);
    by_blocks(all, result, [&](Real* rows, Real* values) {
      network.run<block_width>(rows);
      std::copy_n(rows + n * block_width, block_width, values);
      add_rows<block_width>(rows, b, n - b, values);
    });
  }

  /// values = the mean of the values and of the rows first ... last - 1.
  template <std::size_t width>
  static void add_rows(const Real* rows, std::size_t first, std::size_t last, Real* values) {
    for (std::size_t k = first; k < last; ++k) {
      for (std::size_t i = 0; i < width; ++i) values[i] += rows[k * width + i];
    }
    const auto count = static_cast<Real>(last - first + 1);
    for (std::size_t i = 0; i < width; ++i) values[i] /= count;
  }
  template <std::size_t width>
  static Real mean(const Real* rows, std::size_t first, std::size_t last, const Real* own) {
    Real value = *own;
    add_rows<width>(rows, first, last, &value);
    return value;
  }
};

/// BRIDGE-M. Per coordinate the median of the neighbours' values and the own one; of an even number
/// the mean of the two in the middle.
template <class Real>
class MedianScreen final : public Screen<Real> {
 public:
  MedianScreen(const Arguments& arguments, const AggregatorShape& shape, const Topology&)
      : Screen<Real>(arguments, shape) {}

 private:
  void screen(std::span<const Real> own, const Payloads<Real>& neighbours,
              std::span<Real> result) const override {
    const Payloads<Real> all = this->with_own(own, neighbours);
    middle_mean(all, (all.size() - 1) / 2, result);
  }
};

}  // namespace syncline
