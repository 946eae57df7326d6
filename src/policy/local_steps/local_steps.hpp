#pragma once

#include "syncline/spec.hpp"

namespace syncline {

/// The parameter `steps` of the policies with local steps: 1 to a million.
inline std::uint32_t local_steps(const Arguments& arguments) {
  const std::uint64_t steps = arguments.at_least_one("steps");
  if (steps > 1'000'000) arguments.refuse("steps", "can't be above a million");
  return static_cast<std::uint32_t>(steps);
}

}  // namespace syncline
