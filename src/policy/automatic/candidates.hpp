#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace syncline {

/// What the texts of a family may depend on.
struct Situation {
  std::uint32_t workers = 1;
  double noise_scale = 0;  ///< S
};

/// Policies of one kind that `auto` chooses among. A new one is a row in candidates.cpp: what its
/// time follows from, it shows itself when it is replayed.
struct Family {
  const char* name;
  bool for_unlike_data;  ///< every worker's data count alike
  bool for_like_data;    ///< worth trying where the data are alike
  std::vector<std::string> (*texts)(const Situation&);
};

/// None of them needs a program of local steps, a transform, an optimizer, a measurement, or more
/// than one slot and two tables.
[[nodiscard]] const std::vector<Family>& families();

}  // namespace syncline
