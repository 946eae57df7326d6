#include "workload/analytic/registry.hpp"

#include <iterator>
#include <type_traits>

#include "syncline/workload.hpp"
#if SYNCLINE_WITH_TORCH
#include "workload/torch/models.hpp"
#endif

namespace syncline {
namespace {

std::vector<RegistryEntry<WorkloadFactory>> all_workloads() {
  auto entries = analytic_workloads();
#if SYNCLINE_WITH_TORCH
  auto models = torch_workloads();
  std::move(models.begin(), models.end(), std::back_inserter(entries));
#endif
  return entries;
}

const RegistryEntry<WorkloadFactory>& find_workload(const std::string& name) {
  try {
    return workloads().find(name);
  } catch (const ConfigError& error) {
#if SYNCLINE_WITH_TORCH
    throw;
#else
    throw ConfigError(std::string(error.what()) +
                      "; this program was built without libtorch: its models need a build with "
                      "-DSYNCLINE_TORCH=ON");
#endif
  }
}

}  // namespace

const Registry<WorkloadFactory>& workloads() {
  static const Registry<WorkloadFactory> registry("workload", all_workloads());
  return registry;
}

template <class Real>
std::shared_ptr<const Workload<Real>> make_workload(std::string_view spec,
                                                    const WorkloadContext& context) {
  const Spec parsed = parse_spec(spec);
  const auto& entry = find_workload(parsed.name);
  if (entry.make.needs_dataset && context.dataset == nullptr) {
    throw ConfigError("workload '" + entry.name + "' needs a data set");
  }
  const Arguments arguments(parsed, entry.parameters);
  if constexpr (std::is_same_v<Real, float>) {
    return entry.make.single(arguments, context);
  } else {
    return entry.make.full(arguments, context);
  }
}

template std::shared_ptr<const Workload<float>> make_workload(std::string_view,
                                                              const WorkloadContext&);
template std::shared_ptr<const Workload<double>> make_workload(std::string_view,
                                                               const WorkloadContext&);

}  // namespace syncline
