#pragma once

#include <cmath>

#include "codec/bit_string.hpp"
#include "codec/buckets.hpp"
#include "codec/scale.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// One bit a number, per bucket of B: Q(x) = mean |x_j| sgn(x), with sgn(0) = 1 and with error
/// feedback (Karimireddy et al., arXiv 1901.09847, Algorithm 1):
/// |Q(x) - x|^2 = |x|_2^2 - |x|_1^2 / B <= (1 - 1/B) |x|_2^2. The means come first, as floats.
template <class Real>
class Sign final : public Codec<Real> {
 public:
  Sign(const Arguments& arguments, const CodecContext& context)
      : Sign(Buckets(arguments, context.dimension), arguments.boolean("feedback")) {}

 private:
  Sign(const Buckets& buckets, bool feedback)
      : Codec<Real>(buckets.dimension(),
                    buckets.count() * sizeof(float) + packed_bytes(buckets.dimension(), 1),
                    {.feedback = feedback,
                     .error = 1 - 1 / static_cast<double>(buckets.size()),
                     .not_for_pull = "all parameters of a bucket would have one size"}),
        buckets_(buckets) {}

  void pack(std::span<const Real> vector, const DrawKey&,
            std::span<std::byte> message) const override {
    BitWriter signs(message.subspan(buckets_.count() * sizeof(float)));
    for (std::size_t bucket = 0; bucket < buckets_.count(); ++bucket) {
      const auto piece = buckets_.piece(vector, bucket);
      const auto length = static_cast<double>(piece.size());
      double mean = 0;
      for (const Real x : piece) mean += std::abs(static_cast<double>(x)) / length;
      store(message, bucket, to_scale(mean));
      for (const Real x : piece) signs.put(x < 0 ? 1 : 0, 1);
    }
    signs.finish();
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    BitReader signs(message.subspan(buckets_.count() * sizeof(float)));
    for (std::size_t bucket = 0; bucket < buckets_.count(); ++bucket) {
      const auto scale = static_cast<Real>(load_scale(message, bucket));
      for (Real& x : buckets_.piece(vector, bucket)) x = signs.take(1) == 0 ? scale : -scale;
    }
    signs.finish();
  }

  Buckets buckets_;
};

}  // namespace syncline
