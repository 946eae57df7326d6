#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace syncline {

/// Whether all numbers are finite.
template <class Real>
[[nodiscard]] bool all_finite(std::span<const Real> numbers) {
  // What is finite less itself is +0, whose bits are all 0; what is not is NaN. The lanes keep the
  // processor from waiting for one sum of flags, and a loop that stopped early could not have them.
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  constexpr std::size_t lanes = 64 / sizeof(Real);
  std::array<Bits, lanes> odd{};
  const std::size_t whole = numbers.size() - numbers.size() % lanes;
  for (std::size_t i = 0; i < whole; i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const Real number = numbers[i + lane];
      odd[lane] |= std::bit_cast<Bits>(number - number);
    }
  }
  for (const Real number : numbers.subspan(whole)) odd[0] |= std::bit_cast<Bits>(number - number);
  return std::all_of(odd.begin(), odd.end(), [](Bits bits) { return bits == 0; });
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
