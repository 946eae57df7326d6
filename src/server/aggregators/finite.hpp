#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace syncline {

/// Copies, and says whether every number was finite. One pass, at the speed of a copy: a number is
/// infinite or none at all exactly if its exponent is all ones, that is if one more in the exponent
/// carries into the sign bit; the carries of all numbers are gathered without a branch.
template <class Real>
bool copy_finite(std::span<const Real> from, std::vector<Real>& to) {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;
  constexpr int sign = 8 * sizeof(Real) - 1;
  constexpr int mantissa = sizeof(Real) == 4 ? 23 : 52;
  constexpr Bits one = Bits{1} << mantissa;
  constexpr Bits exponent = (Bits{1} << sign) - one;
  Bits carries = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    to[i] = from[i];
    carries |= (std::bit_cast<Bits>(from[i]) & exponent) + one;
  }
  return carries >> sign == 0;
}

}  // namespace syncline
