#pragma once

#include <algorithm>
#include <cmath>

#include "codec/bit_string.hpp"
#include "codec/buckets.hpp"
#include "codec/draws.hpp"
#include "codec/scale.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// QSGD (Alistarh et al., arXiv 1610.02132, section 3.1), per bucket of B numbers:
/// Q(x)_j = |x|_2 sgn(x_j) l_j / s with l_j = floor(a + U), a = s |x_j| / |x|_2, U uniform on (0,
/// 1), so that E Q(x) = x and E |Q(x) - x|^2 <= min(B/s^2, sqrt(B)/s) |x|^2. Here s = 2^(bits-1) -
/// 1: the 2s + 1 signed levels take `bits` bits. The norms come first, as floats, then the levels
/// plus s.
template <class Real>
class Qsgd final : public Codec<Real> {
 public:
  Qsgd(const Arguments& arguments, const CodecContext& context)
      : Qsgd(Buckets(arguments, context.dimension), bits_of(arguments),
             codec_stream(context.direction)) {}

 private:
  Qsgd(const Buckets& buckets, unsigned bits, Stream stream)
      : Codec<Real>(
            buckets.dimension(),
            buckets.count() * sizeof(float) + packed_bytes(buckets.dimension(), bits),
            facts(static_cast<double>(buckets.size()), static_cast<double>(levels_of(bits)))),
        buckets_(buckets),
        bits_(bits),
        levels_(static_cast<double>(levels_of(bits))),
        stream_(stream) {}

  static unsigned bits_of(const Arguments& arguments) {
    const std::uint64_t bits = arguments.whole("bits");
    if (bits < 2 || bits > 16) arguments.refuse("bits", "must be 2 to 16");
    return static_cast<unsigned>(bits);
  }

  static std::uint32_t levels_of(unsigned bits) { return (1U << (bits - 1)) - 1; }

  static CodecFacts facts(double bucket, double levels) {
    CodecFacts facts{.unbiased = true};
    facts.error = std::min(bucket / (levels * levels), std::sqrt(bucket) / levels);
    // Of numbers of one size, s / sqrt(B) arrive as something else than 0; of others, fewer.
    facts.mostly_zeros = levels / std::sqrt(bucket) < 0.5;
    if (facts.mostly_zeros) {
      facts.not_for_pull = "most parameters would arrive as 0: take more bits or smaller buckets";
    }
    return facts;
  }

  void pack(std::span<const Real> vector, const DrawKey& key,
            std::span<std::byte> message) const override {
    BitWriter codes(message.subspan(buckets_.count() * sizeof(float)));
    DrawStream draws(stream_, key);
    for (std::size_t bucket = 0; bucket < buckets_.count(); ++bucket) {
      const auto piece = buckets_.piece(vector, bucket);
      double squares = 0;
      for (const double x : piece) squares += x * x;
      const float norm = to_scale(std::sqrt(squares));
      store(message, bucket, norm);
      const double per_level = norm > 0 ? levels_ / static_cast<double>(norm) : 0;
      for (const double x : piece) {
        const double level =
            std::min(std::floor(std::abs(x) * per_level + draws.uniform()), levels_);
        codes.put(static_cast<std::uint32_t>(levels_ + std::copysign(level, x)), bits_);
      }
    }
    codes.finish();
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    BitReader codes(message.subspan(buckets_.count() * sizeof(float)));
    for (std::size_t bucket = 0; bucket < buckets_.count(); ++bucket) {
      const double step = static_cast<double>(load_scale(message, bucket)) / levels_;
      for (Real& x : buckets_.piece(vector, bucket)) {
        const double level = codes.take(bits_) - levels_;
        if (level > levels_) malformed("a level is out of range");
        x = static_cast<Real>(level * step);
      }
    }
    codes.finish();
  }

  Buckets buckets_;
  unsigned bits_;
  double levels_;
  Stream stream_;
};

}  // namespace syncline
