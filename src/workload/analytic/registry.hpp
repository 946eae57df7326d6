#pragma once

#include <vector>

#include "syncline/workload.hpp"

namespace syncline {

/// The workloads that need no libtorch, for the registry.
[[nodiscard]] std::vector<RegistryEntry<WorkloadFactory>> analytic_workloads();

}  // namespace syncline
