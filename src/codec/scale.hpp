#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "codec/wire.hpp"

namespace syncline {

/// A scale >= 0 as it is sent: the float nearest above, so that no number is larger than its norm,
/// and at most the largest float.
inline float to_scale(double scale) {
  constexpr float largest = std::numeric_limits<float>::max();
  const auto nearest = static_cast<float>(std::min(scale, static_cast<double>(largest)));
  return nearest < scale && nearest < largest ? std::nextafter(nearest, largest) : nearest;
}

inline float load_scale(std::span<const std::byte> array, std::size_t index) {
  const auto scale = load<float>(array, index);
  if (!std::isfinite(scale) || std::signbit(scale)) malformed("a scale is not a number from 0 on");
  return scale;
}

}  // namespace syncline
