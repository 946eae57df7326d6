#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>

#include "syncline/error.hpp"

namespace syncline {

static_assert(std::endian::native == std::endian::little, "messages are little-endian");

[[noreturn]] inline void malformed(const std::string& why) {
  throw DataError("a coded vector is malformed: " + why);
}

/// Messages are arrays of numbers, one after the other, without gaps for alignment.
template <class Number>
void store(std::span<std::byte> array, std::size_t index, Number number) {
  std::memcpy(array.data() + index * sizeof(Number), &number, sizeof(Number));
}

template <class Number>
Number load(std::span<const std::byte> array, std::size_t index) {
  Number number;
  std::memcpy(&number, array.data() + index * sizeof(Number), sizeof(Number));
  return number;
}

template <class Real>
Real load_finite(std::span<const std::byte> array, std::size_t index) {
  const Real number = load<Real>(array, index);
  if (!std::isfinite(number)) malformed("a value is not finite");
  return number;
}

}  // namespace syncline
