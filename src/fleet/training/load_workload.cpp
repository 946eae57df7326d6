#include "fleet/training/load_workload.hpp"

#include "syncline/error.hpp"

namespace syncline {

bool double_precision(const ModelConfig& config) {
  if (config.precision == "float64") return true;
  if (config.precision == "float32") return false;
  throw ConfigError("model.precision must be float32 or float64, not '" + config.precision + "'");
}

template <class Real>
std::shared_ptr<const Workload<Real>> load_workload(const ModelConfig& config) {
  const auto& entry = workloads().find(parse_spec(config.workload).name);
  WorkloadContext context;
  context.augmentation = config.augmentation;
  context.device = config.device;
  if (entry.make.needs_dataset) context.dataset = load_dataset(config.data, config.data_folder);
  return make_workload<Real>(config.workload, context);
}

template std::shared_ptr<const Workload<float>> load_workload(const ModelConfig&);
template std::shared_ptr<const Workload<double>> load_workload(const ModelConfig&);

}  // namespace syncline
