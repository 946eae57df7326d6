#pragma once

#include <vector>

#include "plan/forecast.hpp"

namespace syncline {

/// What can be said of a fleet when nothing is known of the workload.
struct FleetView {
  std::vector<Forecast> points;  ///< time per update and staleness of each, by K and family
  bool sync_is_best = false;     ///< whatever the noise: nobody else is faster at either end of S
};

/// Reaching a target takes time in proportion to T(K) (1 + s + S / K): T the time per update, s the
/// mean staleness, S the noise scale (variance of a mini-batch gradient over its squared mean),
/// when each policy uses its best step size (Tyurin and Richtarik, arXiv 2305.12387; Koloskova et
/// al., arXiv 2206.08307). The cost is linear in S, so a policy that is best at both ends, S = 0
/// and S without bound, is best in between.
[[nodiscard]] FleetView view_of(FleetTheory& fleet, double step_size);

}  // namespace syncline
