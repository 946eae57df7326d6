#pragma once

#include <array>

#include "server/aggregators/coordinates.hpp"
#include "server/aggregators/distances.hpp"
#include "server/aggregators/neighbours.hpp"
#include "server/aggregators/selection_network.hpp"

namespace syncline {

/// values = per coordinate the mean of the `near` of n values that are nearest to the median; of
/// two as near, the smaller. `rows` are n rows of `width` coordinates, sorted, and are used up.
///
/// The nearest are neighbours in the sorted order: a window that starts with the smallest and
/// slides up as long as the value that comes in is nearer than the one that goes out. It is done in
/// place: the one that stays takes the place of the one that would come in, so the window ends up
/// last.
template <std::size_t width, class Real>
void mean_near_median(Real* rows, std::size_t n, std::size_t near, Real* values) {
  std::array<Real, width> median;
  for (std::size_t i = 0; i < width; ++i) {
    median[i] = (rows[(n - 1) / 2 * width + i] + rows[n / 2 * width + i]) / 2;
  }
  for (std::size_t k = near; k < n; ++k) {
    const Real* out = rows + (k - near) * width;
    Real* in = rows + k * width;
    for (std::size_t i = 0; i < width; ++i) {
      in[i] = in[i] - median[i] < median[i] - out[i] ? in[i] : out[i];
    }
  }
  mean_of_rows<width>(rows, n - near, n, values);
}

/// Chooses n - 2b payloads by repeated Krum without replacement, then takes per coordinate the mean
/// of the n - 4b of their values that are nearest to their median (El Mhamdi, Guerraoui, Rouault,
/// arXiv 1802.07927). Distances are those of the gradients.
template <class Real>
class Bulyan final : public PayloadSet<Real> {
 public:
  Bulyan(const Arguments& arguments, const AggregatorShape& shape)
      : PayloadSet<Real>(shape), b_(arguments.whole("b")) {}

 protected:
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    const std::size_t b = bearable(b_, payloads.size(), 4, 3);
    const std::size_t n = payloads.size() - 2 * b;
    const std::size_t near = n - 2 * b;
    const Neighbours neighbours(pair_distances(payloads, this->shape().dimension), payloads.size());
    Payloads<Real> chosen;
    for (const std::size_t i : neighbours.chosen(b, n)) chosen.push_back(payloads[i]);
    if (n <= SelectionNetwork::most) {
      const SelectionNetwork network(n, 0, n, WireOrder::sorted);
      by_blocks(chosen, result, [&](Real* rows, Real* values) {
        network.run<block_width>(rows);
        mean_near_median<block_width>(rows, n, near, values);
      });
      return;
    }
    by_columns(chosen, result, [&](std::span<Real> column) {
      std::sort(column.begin(), column.end());
      Real value;
      mean_near_median<1>(column.data(), n, near, &value);
      return value;
    });
  }

 private:
  std::size_t b_;
};

}  // namespace syncline
