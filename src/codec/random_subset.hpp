#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syncline/random.hpp"

namespace syncline {

/// `count` of the numbers 0..size-1, increasing; all subsets of that size have the same chance.
/// REQUIRES: count <= size < 2^32.
[[nodiscard]] std::vector<std::uint32_t> random_subset(std::size_t size, std::size_t count,
                                                       DrawStream& draws);

}  // namespace syncline
