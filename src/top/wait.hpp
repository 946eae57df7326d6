#pragma once

#include <string>
#include <vector>

#include "trace/run_picture.hpp"

namespace syncline {

/// What the next step of a run waits for.
struct Wait {
  std::uint64_t there = 0;          ///< payloads that the server holds
  double needed = 0;                ///< payloads that a step takes; NaN if not known
  std::vector<WorkerId> computing;  ///< from whom one may come, in order of the versions they read
  std::vector<WorkerId> down;       ///< those that are gone, if nobody computes
};

[[nodiscard]] Wait wait_of(const RunPicture& picture);

/// For the whole run: "3 of 4 gradients are there, the next may come from 2 5 6".
[[nodiscard]] std::string to_text(const Wait& wait);

/// Why a worker is parked: "for 1 more of 4", "for 2 5", "for 3, down".
[[nodiscard]] std::string why_parked(const Wait& wait);

}  // namespace syncline
