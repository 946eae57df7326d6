// Both 16-bit formats, all of their 65536 codes.

#include "codec/small_float.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

namespace syncline {
namespace {

/// The value of a code by IEEE 754's formula.
double value(const SmallFloat& format, int code) {
  const int exponent = (code & 0x7fff) >> format.fraction_bits;
  const int fraction = code & ((1 << format.fraction_bits) - 1);
  const int normal = exponent == 0 ? 0 : 1;
  const double size = std::ldexp(fraction + normal * (1 << format.fraction_bits),
                                 exponent - normal + format.least_exponent - format.fraction_bits);
  return code >= 0x8000 ? -size : size;
}

TEST_CASE("all codes of both formats, decoded and encoded, come back") {
  for (const SmallFloat& format : {fp16, bf16}) {
    int wrong = 0, finite = 0;
    for (int code = 0; code < 65536; ++code) {
      const auto bits = static_cast<std::uint16_t>(code);
      if (!format.finite(bits)) continue;
      ++finite;
      const double x = format.decode(bits);
      if (x != value(format, code) || std::signbit(x) != (code >= 0x8000)) ++wrong;
      if (format.encode(x) != bits) ++wrong;
    }
    CHECK(wrong == 0);
    // The exponent of all ones is for infinities and what is no number.
    CHECK(finite == 65536 - 2 * (1 << format.fraction_bits));
  }
}

TEST_CASE("bf16, all codes, is the upper half of a float") {
  int wrong = 0;
  for (std::uint32_t code = 0; code < 65536; ++code) {
    const auto x = std::bit_cast<float>(code << 16);
    const auto bits = static_cast<std::uint16_t>(code);
    if (bf16.finite(bits) != std::isfinite(x)) ++wrong;
    if (std::isfinite(x) && bf16.decode(bits) != static_cast<double>(x)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("numbers between any two neighbours go to the nearer one, from the middle to the even") {
  for (const SmallFloat& format : {fp16, bf16}) {
    int wrong = 0;
    for (int code = 0; code < format.largest; ++code) {
      const double low = value(format, code), high = value(format, code + 1);
      const double middle = low + (high - low) / 2;
      const int even = code % 2 == 0 ? code : code + 1;
      if (format.encode(middle) != even) ++wrong;
      if (format.encode(-middle) != (even | 0x8000)) ++wrong;
      if (format.encode(std::nextafter(middle, low)) != code) ++wrong;
      if (format.encode(std::nextafter(middle, high)) != code + 1) ++wrong;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("numbers above the largest, encoded, become the largest") {
  CHECK(fp16.decode(fp16.encode(65504)) == 65504);
  for (const double x : {65519.0, 65520.0, 1e5, 1e300, std::numeric_limits<double>::max()}) {
    CHECK(fp16.decode(fp16.encode(x)) == 65504);
    CHECK(fp16.decode(fp16.encode(-x)) == -65504);
  }
  CHECK(bf16.encode(std::numeric_limits<float>::max()) == 0x7f7f);
  CHECK(bf16.encode(-1e300) == 0xff7f);
  CHECK(fp16.encode(std::numeric_limits<double>::denorm_min()) == 0);
  CHECK(bf16.encode(-std::numeric_limits<double>::denorm_min()) == 0x8000);
}

}  // namespace
}  // namespace syncline
