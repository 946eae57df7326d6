#pragma once

#include <string>

#include "measure/measure_workload.hpp"
#include "support/tiny_dataset.hpp"

namespace syncline::testing {

/// A configuration that measures one analytic model.
inline RunConfig config_of(const std::string& workload, std::uint64_t seed = 1) {
  RunConfig config;
  config.seed = seed;
  config.threads = 1;
  config.model.workload = workload;
  config.model.batch = 8;
  return config;
}

/// Measures a model by its name; on the tiny data set if it needs one.
inline WorkloadConstants measured(const RunConfig& config, const MeasureSettings& settings = {}) {
  WorkloadContext context;
  context.dataset = tiny_dataset();
  return measure_workload(make_workload<double>(config.model.workload, context), config, settings,
                          {});
}

inline bool covers(const MeasuredValue& measured, double truth) {
  return measured.lower <= truth && truth <= measured.upper;
}

inline double total_weight(const std::vector<SpectralLine>& lines) {
  double total = 0;
  for (const SpectralLine& line : lines) total += line.weight;
  return total;
}

}  // namespace syncline::testing
