#pragma once

#include <memory>

#include "syncline/measure.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// measure() of a workload that is there already; config.model says only what a run needs beside
/// it: batch, partition, and names for the result.
[[nodiscard]] WorkloadConstants measure_workload(
    const std::shared_ptr<const Workload<double>>& workload, const RunConfig& config,
    const MeasureSettings& settings, const Progress& progress);

}  // namespace syncline
