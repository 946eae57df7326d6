#pragma once

#include <cstdint>

namespace syncline {

/// Workers of a fleet, at most: what a file claims beyond it is no fleet, and not worth the memory.
inline constexpr std::uint32_t largest_fleet = 10'000'000;

}  // namespace syncline
