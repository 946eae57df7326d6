#pragma once

#include <memory>

#include "syncline/config.hpp"
#include "syncline/workload.hpp"

namespace syncline {

/// Loads the data that the workload needs and makes the workload. Throws ConfigError, DataError.
template <class Real>
[[nodiscard]] std::shared_ptr<const Workload<Real>> load_workload(const ModelConfig& config);

/// True for float64, false for float32; ConfigError for anything else.
[[nodiscard]] bool double_precision(const ModelConfig& config);

}  // namespace syncline
