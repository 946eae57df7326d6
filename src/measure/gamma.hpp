#pragma once

#include <memory>
#include <optional>

#include "syncline/measure.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// gamma of arXiv 1803.01113, theorem 3, by its definition: trains with config.policy on
/// config.fleet and divides the mean of ||grad F(w_j) - grad F(w_tau(l,j))||^2 over the gradients
/// applied in a window of updates by the mean of ||grad F(w_j)||^2. The interval is by batch means.
/// None where the gradient could not be told from 0. Throws ConfigError if the run diverges.
[[nodiscard]] std::optional<MeasuredValue> measure_gamma(
    const RunConfig& config, const std::shared_ptr<const Workload<double>>& workload,
    const MeasureSettings& settings, const Progress& progress);

}  // namespace syncline
