#pragma once

#include <memory>
#include <string>

#include "workload/torch/loaded_model.hpp"

namespace syncline {

/// How a workload gets its models.
struct ModelRecipe {
  std::string name;  ///< for messages
  ModelSource source;
  TensorFormat format = TensorFormat::contiguous;
};

/// Inspects the model and makes the workload. Double precision always lies contiguous: it is for
/// checking results, and channels-last is slower there for small networks.
/// Throws ConfigError (no data set, unknown augmentation or device) or DataError (see
/// inspection.hpp).
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> make_torch_workload(
    ModelRecipe recipe, const WorkloadContext& context);

}  // namespace syncline
