#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include "codec/share.hpp"
#include "codec/wire.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// The k coordinates of largest size, equals by their number, with error feedback (Stich et al.,
/// arXiv 1809.07599): |Q(x) - x|^2 <= (1 - k/d) |x|^2. The numbers of the coordinates come first,
/// increasing, as 32-bit integers, then their values.
template <class Real>
class TopK final : public Codec<Real> {
 public:
  TopK(const Arguments& arguments, const CodecContext& context)
      : TopK(sent_count(arguments, context.dimension), context.dimension,
             arguments.boolean("feedback")) {}

 private:
  using Index = std::uint32_t;

  TopK(std::size_t count, std::size_t dimension, bool feedback)
      : Codec<Real>(dimension, count * (sizeof(Index) + sizeof(Real)),
                    {.feedback = feedback,
                     .mostly_zeros = 2 * count < dimension,
                     .error = 1 - static_cast<double>(count) / static_cast<double>(dimension),
                     .not_for_pull = sends_changes}),
        count_(count) {}

  void pack(std::span<const Real> vector, const DrawKey&,
            std::span<std::byte> message) const override {
    std::vector<Index> order(vector.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(count_);
    const auto larger = [&](Index a, Index b) {
      const Real size_a = std::abs(vector[a]), size_b = std::abs(vector[b]);
      return size_a != size_b ? size_a > size_b : a < b;
    };
    std::nth_element(order.begin(), end - 1, order.end(), larger);
    std::sort(order.begin(), end);
    const auto values = message.subspan(count_ * sizeof(Index));
    for (std::size_t i = 0; i < count_; ++i) {
      store(message, i, order[i]);
      store(values, i, vector[order[i]]);
    }
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    const auto values = message.subspan(count_ * sizeof(Index));
    std::fill(vector.begin(), vector.end(), Real(0));
    std::size_t free = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t index = load<Index>(message, i);
      if (index < free) malformed("the coordinates are not in increasing order");
      if (index >= vector.size()) malformed("a coordinate is out of range");
      vector[index] = load_finite<Real>(values, i);
      free = index + 1;
    }
  }

  std::size_t count_;
};

}  // namespace syncline
