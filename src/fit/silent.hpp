#pragma once

#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// For each worker without a complete job, the chance that it would have come that far without one
/// if it were like the others, by their best law; 1 for all other workers. A test of ranks can't
/// say this: past the longest complete job all times are the same to it.
[[nodiscard]] std::vector<double> silence_p_values(
    const std::vector<std::vector<Timing>>& by_worker);

}  // namespace syncline
