#pragma once

#include <vector>

#include "fit/kaplan_meier.hpp"

namespace syncline {

/// Each worker's time over the fleet's, at the median or, where cancelled jobs hide it, at the
/// highest quantile that is seen. The fleet's is the lower median over the workers that reach that
/// quantile, so that it is a real worker's, one of the faster half. A worker without complete jobs
/// has infinity.
[[nodiscard]] std::vector<double> slowdowns(const std::vector<KaplanMeier>& workers);

}  // namespace syncline
