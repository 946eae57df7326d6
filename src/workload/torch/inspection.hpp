#pragma once

#include <string>
#include <vector>

#include "workload/torch/flat_views.hpp"
#include "workload/torch/loaded_model.hpp"

namespace syncline {

/// A buffer that the forward pass updates as running' = (1 - momentum) running + momentum * batch.
/// Started at 0 it therefore holds momentum * batch, from which the raw statistics follow.
struct Statistic {
  std::size_t index = 0;  ///< in LoadedModel::buffers
  double momentum = 1;    ///< of the module; 1 for native batch norms
};

/// What there is to know about a model before it trains; the same for all its replicas.
struct ModelFacts {
  std::string name;                   ///< for messages: "lenet", "model.pt"
  std::vector<FlatPlace> parameters;  ///< in the order of LoadedModel::parameters
  std::vector<FlatPlace> statistics;  ///< behind the parameters
  std::vector<Statistic> updates;     ///< one per entry of `statistics`
  std::vector<std::size_t> counters;  ///< integer buffers that a forward pass changes
  double server_momentum = 0.1;
  bool draws_globally = false;  ///< its training pass draws from libtorch's process-wide generator

  [[nodiscard]] std::size_t dimension() const;
  [[nodiscard]] std::size_t buffers() const;
};

/// Finds the facts by running the model on two samples of noise. `model` must be in double
/// precision on the CPU and is left with changed buffers. Call under generator_mutex(). Throws
/// DataError, saying what to change in the model, if it has no trainable parameters, gives anything
/// but N x classes, draws or changes its buffers in evaluation mode, or updates a buffer in another
/// way than a running average.
[[nodiscard]] ModelFacts inspect_model(const std::string& name, LoadedModel& model,
                                       const NetworkSite& site, TensorFormat format);

}  // namespace syncline
