#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "syncline/spec.hpp"

namespace syncline {

/// How many of the coordinates are sent: `share` of them, rounded, but at least one.
inline std::size_t sent_count(const Arguments& arguments, std::size_t dimension) {
  const double share = arguments.positive("share");
  if (share > 1) arguments.refuse("share", "must be at most 1");
  const auto rounded = std::llround(share * static_cast<double>(dimension));
  return std::max<std::size_t>(1, static_cast<std::size_t>(rounded));
}

/// Why what sends a few coordinates can't carry parameters.
inline constexpr const char* sends_changes =
    "it sends a part of each change, and parameters are no change: what it left out would be lost";

}  // namespace syncline
