#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline::testing {

/// `jobs` complete jobs of each worker of a fleet like `8*exponential(rate=1)`.
[[nodiscard]] Timings draw_complete(const std::string& fleet, std::uint32_t workers,
                                    std::size_t jobs, std::uint64_t seed);

/// What a log of K-sync shows of `rounds` rounds: the first k workers of a round are complete, the
/// others are cancelled at that instant.
[[nodiscard]] Timings draw_k_sync(const std::string& fleet, std::uint32_t workers, std::uint32_t k,
                                  std::size_t rounds, std::uint64_t seed);

/// `jobs` complete jobs of each worker, one after the other, the workers in `slow` with slowness.
[[nodiscard]] Timings draw_slowed(const std::string& fleet, std::uint32_t workers, std::size_t jobs,
                                  std::uint64_t seed, const std::string& slowness,
                                  const std::vector<std::uint32_t>& slow);

}  // namespace syncline::testing
