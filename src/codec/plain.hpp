#pragma once

#include <cstring>

#include "codec/wire.hpp"
#include "syncline/codec.hpp"

namespace syncline {

/// The numbers themselves.
template <class Real>
class Plain final : public Codec<Real> {
 public:
  Plain(const Arguments&, const CodecContext& context)
      : Codec<Real>(context.dimension, context.dimension * sizeof(Real), {.unbiased = true}) {}

 private:
  void pack(std::span<const Real> vector, const DrawKey&,
            std::span<std::byte> message) const override {
    std::memcpy(message.data(), vector.data(), message.size());
  }

  void unpack(std::span<const std::byte> message, const DrawKey&,
              std::span<Real> vector) const override {
    for (std::size_t i = 0; i < vector.size(); ++i) vector[i] = load_finite<Real>(message, i);
  }

  void pass(std::span<Real>, const DrawKey&) const override {}
};

}  // namespace syncline
