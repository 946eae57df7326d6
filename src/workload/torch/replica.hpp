#pragma once

#include <memory>

#include "workload/torch/batch.hpp"
#include "workload/torch/inspection.hpp"

namespace syncline {

/// What all replicas of one workload share. Immutable.
struct TorchSetup {
  ModelFacts facts;
  std::shared_ptr<const Dataset> dataset;
  TensorFormat format = TensorFormat::contiguous;
  torch::Device device = torch::kCPU;
  bool augment = false;
};

/// Makes a replica around `model`, which it owns from then on.
template <class Real>
[[nodiscard]] std::unique_ptr<Replica<Real>> make_torch_replica(
    std::shared_ptr<const TorchSetup> setup, LoadedModel model);

}  // namespace syncline
