#include "syncline/measure.hpp"

#include "fleet/training/load_workload.hpp"
#include "measure/measure_workload.hpp"

namespace syncline {

WorkloadConstants measure(const RunConfig& config, const MeasureSettings& settings,
                          const Progress& progress) {
  static_cast<void>(double_precision(config.model));  // refuses an unknown name
  return measure_workload(load_workload<double>(config.model), config, settings, progress);
}

}  // namespace syncline
