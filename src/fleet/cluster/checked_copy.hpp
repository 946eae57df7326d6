#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>

namespace syncline {

/// Whether all numbers are finite.
template <class Real>
[[nodiscard]] bool all_finite(std::span<const Real> numbers) {
  // By the bits: infinities and NaN are those whose exponent has all bits set. A sum of flags is
  // what compilers make vector instructions of, while a loop that stops early is not.
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  constexpr Bits exponent = std::bit_cast<Bits>(std::numeric_limits<Real>::infinity());
  Bits odd = 0;
  for (const Real number : numbers) {
    odd |= static_cast<Bits>((std::bit_cast<Bits>(number) & exponent) == exponent);
  }
  return odd == 0;
}

/// Copies numbers out of bytes, as many as there are, and says whether all are finite. In pieces,
/// so that they are looked at while they are in the cache.
template <class Real>
[[nodiscard]] bool copy_finite(std::span<const std::byte> bytes, std::span<Real> numbers) {
  constexpr std::size_t piece = 4096;
  bool finite = true;
  for (std::size_t first = 0; first < numbers.size(); first += piece) {
    const auto part = numbers.subspan(first, std::min(piece, numbers.size() - first));
    std::memcpy(part.data(), bytes.data() + first * sizeof(Real), part.size_bytes());
    finite &= all_finite<Real>(part);
  }
  return finite;
}

}  // namespace syncline
