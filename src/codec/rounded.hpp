#pragma once

#include <cmath>

#include "codec/small_float.hpp"
#include "codec/wire.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// Each number in 16 bits.
template <class Real, const SmallFloat& format>
class Rounded final : public Codec<Real> {
 public:
  Rounded(const Arguments&, const CodecContext& context)
      : Codec<Real>(context.dimension, context.dimension * sizeof(std::uint16_t),
                    {.error = std::pow(0.25, format.fraction_bits + 1)}) {}

 private:
  void pack(std::span<const Real> vector, const DrawKey&,
            std::span<std::byte> message) const override {
    for (std::size_t i = 0; i < vector.size(); ++i) store(message, i, format.encode(vector[i]));
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    for (std::size_t i = 0; i < vector.size(); ++i) {
      const auto code = load<std::uint16_t>(message, i);
      if (!format.finite(code)) malformed("a value is not finite");
      vector[i] = static_cast<Real>(format.decode(code));
    }
  }

  void pass(std::span<Real> vector, const DrawKey&) const override {
    for (Real& x : vector) x = static_cast<Real>(format.decode(format.encode(x)));
  }
};

template <class Real>
using Fp16 = Rounded<Real, fp16>;
template <class Real>
using Bf16 = Rounded<Real, bf16>;

}  // namespace syncline
