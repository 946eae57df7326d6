#pragma once

#include <prometheus/metric_family.h>
#include <vector>

#include "trace/run_picture.hpp"

namespace syncline {

/// The figures of a run as Prometheus has them; docs/metrics.md lists them, read_metrics() reads
/// them back.
[[nodiscard]] std::vector<prometheus::MetricFamily> picture_families(const RunPicture& picture);

}  // namespace syncline
