#pragma once

#include <algorithm>
#include <limits>

#include "codec/draws.hpp"
#include "codec/random_subset.hpp"
#include "codec/share.hpp"
#include "codec/wire.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// k coordinates drawn by the key, which the receiver draws again: values only (Stich et al., arXiv
/// 1809.07599). With error feedback they are sent as they are, E |Q(x) - x|^2 = (1 - k/d) |x|^2;
/// without, times d/k, so that E Q(x) = x and E |Q(x) - x|^2 = (d/k - 1) |x|^2.
template <class Real>
class RandomK final : public Codec<Real> {
 public:
  RandomK(const Arguments& arguments, const CodecContext& context)
      : RandomK(sent_count(arguments, context.dimension), context.dimension,
                arguments.boolean("feedback"), codec_stream(context.direction)) {}

 private:
  RandomK(std::size_t count, std::size_t dimension, bool feedback, Stream stream)
      : Codec<Real>(dimension, count * sizeof(Real),
                    facts(feedback, static_cast<double>(count) / static_cast<double>(dimension))),
        count_(count),
        factor_(feedback ? 1 : static_cast<double>(dimension) / static_cast<double>(count)),
        stream_(stream) {}

  static CodecFacts facts(bool feedback, double share) {
    return {.unbiased = !feedback,
            .feedback = feedback,
            .mostly_zeros = share < 0.5,
            .error = feedback ? 1 - share : 1 / share - 1,
            .not_for_pull = sends_changes};
  }

  [[nodiscard]] std::vector<std::uint32_t> subset(std::size_t dimension, const DrawKey& key) const {
    DrawStream draws(stream_, key);
    return random_subset(dimension, count_, draws);
  }

  void pack(std::span<const Real> vector, const DrawKey& key,
            std::span<std::byte> message) const override {
    constexpr double largest = std::numeric_limits<Real>::max();
    std::size_t next = 0;
    for (const std::uint32_t index : subset(vector.size(), key)) {
      const double value =
          std::clamp(static_cast<double>(vector[index]) * factor_, -largest, largest);
      store(message, next++, static_cast<Real>(value));
    }
  }

  void unpack(std::span<const std::byte> message, const DrawKey& key,
              std::span<Real> vector) const override {
    std::fill(vector.begin(), vector.end(), Real(0));
    std::size_t next = 0;
    for (const std::uint32_t index : subset(vector.size(), key)) {
      vector[index] = load_finite<Real>(message, next++);
    }
  }

  std::size_t count_;
  double factor_;
  Stream stream_;
};

}  // namespace syncline
