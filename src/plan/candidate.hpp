#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "syncline/theory.hpp"

namespace syncline {

/// One thing that could be run.
struct Candidate {
  std::string policy;                 ///< as a user writes it
  std::optional<VariantPoint> point;  ///< none for policies that move along the line
  double step_size = 0;
};

/// All points worth looking at on a fleet of P workers: every K up to 10, then about six a doubling
/// up to P; the batch variants also 2 P. Sync comes first. Points that are the same algorithm
/// appear once, as `sync`, `async` or the simpler family.
[[nodiscard]] std::vector<VariantPoint> candidate_points(std::uint32_t workers);

/// `sync`, `async` or `k-async(k=4)`.
[[nodiscard]] std::string policy_text(const VariantPoint& point, std::uint32_t workers);

}  // namespace syncline
