#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace syncline {

/// A format of 16 bits: sign, exponent, fraction, with IEEE 754's subnormal numbers.
struct SmallFloat {
  int fraction_bits;
  int least_exponent;     ///< of a normal number
  std::uint16_t largest;  ///< code of the largest finite number

  /// Rounds to nearest, ties to even, once, from a finite double. What is too large becomes the
  /// largest finite number: a codec must not make an infinity of a number.
  [[nodiscard]] std::uint16_t encode(double x) const {
    const double size = std::abs(x);
    const int exponent =
        std::max(static_cast<int>(std::bit_cast<std::uint64_t>(size) >> 52) - 1023, least_exponent);
    const auto steps =
        static_cast<std::uint32_t>(std::nearbyint(size * power_of_two(fraction_bits - exponent)));
    // The leading one of `steps` counts as one in the exponent, and so does a carry by rounding.
    const std::uint32_t code =
        (static_cast<std::uint32_t>(exponent - least_exponent) << fraction_bits) + steps;
    const std::uint32_t sign = std::signbit(x) ? 0x8000 : 0;
    return static_cast<std::uint16_t>(sign | std::min<std::uint32_t>(code, largest));
  }

  [[nodiscard]] bool finite(std::uint16_t code) const { return (code & 0x7fff) <= largest; }

  /// REQUIRES: finite(code).
  [[nodiscard]] double decode(std::uint16_t code) const {
    const int exponent = (code & 0x7fff) >> fraction_bits;
    const int leading = exponent > 0 ? 1 << fraction_bits : 0;
    const int steps = leading + (code & ((1 << fraction_bits) - 1));
    const double size =
        steps * power_of_two(std::max(exponent - 1, 0) + least_exponent - fraction_bits);
    return code & 0x8000 ? -size : size;
  }

 private:
  static double power_of_two(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
  }
};

/// IEEE 754 binary16: up to 65504.
inline constexpr SmallFloat fp16{10, -14, 0x7bff};
/// The upper half of binary32: its range, with 8 significant bits.
inline constexpr SmallFloat bf16{7, -126, 0x7f7f};

}  // namespace syncline
