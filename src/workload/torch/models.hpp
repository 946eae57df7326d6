#pragma once

#include <vector>

#include "syncline/workload.hpp"

namespace syncline {

/// The rows of the registry of workloads that need libtorch: its own models, then those that a
/// program has added with add_torch_model.
[[nodiscard]] std::vector<RegistryEntry<WorkloadFactory>> torch_workloads();

}  // namespace syncline
