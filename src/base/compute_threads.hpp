#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>

namespace syncline {

/// As many as configured, or one for each core if that is 0.
inline std::uint32_t compute_threads(std::uint32_t configured) {
  if (configured > 0) return configured;
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace syncline
