#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "syncline/torch_model.hpp"

namespace syncline {

/// A tensor of a model under PyTorch's name. The handle is the model's own: set_data acts on it.
struct NamedHandle {
  std::string name;
  torch::Tensor tensor;
};

/// One model in memory, whether written in C++ or loaded from TorchScript.
struct LoadedModel {
  std::vector<NamedHandle> parameters, buffers;
  std::function<torch::Tensor(const torch::Tensor&)> forward;
  std::function<void(bool)> train;  ///< training or evaluation mode
  std::shared_ptr<JobRandom> random;
  /// The model's own momentum of running averages, where it had one and was set to 1.
  std::optional<double> replaced_momentum;
};

/// Makes a fresh model; call it under generator_mutex() with the generator seeded.
using ModelSource =
    std::function<LoadedModel(const NetworkSite&, torch::Dtype, const torch::Device&)>;

/// Appends a tensor unless it is undefined or already there under another name (tied weights).
void append_unique(std::vector<NamedHandle>& handles, const std::string& name,
                   const torch::Tensor& tensor);

/// Moves all tensors to `device`, the floating-point ones as `type`. Module::to would turn the
/// integer counters of batch norm into floating-point numbers as well.
void convert(LoadedModel& model, torch::Dtype type, const torch::Device& device);

/// Takes over a network: sets the momentum of its batch norms to 1 (running buffers then hold the
/// raw statistics of the last batch), converts it, and lists its tensors.
[[nodiscard]] LoadedModel load_network(const Network& network, std::shared_ptr<JobRandom> random,
                                       torch::Dtype type, const torch::Device& device);

}  // namespace syncline
