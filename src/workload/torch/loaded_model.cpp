#include "workload/torch/loaded_model.hpp"

namespace syncline {
namespace {

namespace nn = torch::nn;

/// If `module` is a Norm: replaces its momentum by 1 and returns the old one.
template <class Norm>
std::optional<double> replace_momentum(nn::Module& module) {
  auto* norm = module.as<Norm>();
  if (norm == nullptr || !norm->options.track_running_stats()) return std::nullopt;
  const auto old = norm->options.momentum();
  norm->options.momentum(1.0);
  // Without a momentum PyTorch averages over all batches since the start; the server's average
  // needs one, and takes PyTorch's default.
  return old.has_value() ? *old : 0.1;
}

}  // namespace

void append_unique(std::vector<NamedHandle>& handles, const std::string& name,
                   const torch::Tensor& tensor) {
  if (!tensor.defined()) return;
  for (const auto& handle : handles) {
    if (handle.tensor.is_same(tensor)) return;
  }
  handles.push_back({name, tensor});
}

void convert(LoadedModel& model, torch::Dtype type, const torch::Device& device) {
  const auto move = [&](torch::Tensor& tensor) {
    tensor.set_data(
        tensor.detach().to(device, tensor.is_floating_point() ? type : tensor.scalar_type()));
  };
  for (auto& parameter : model.parameters) move(parameter.tensor);
  for (auto& buffer : model.buffers) move(buffer.tensor);
}

LoadedModel load_network(const Network& network, std::shared_ptr<JobRandom> random,
                         torch::Dtype type, const torch::Device& device) {
  LoadedModel model;
  for (const auto& module : network.module->modules()) {
    for (const auto old : {replace_momentum<nn::BatchNorm1dImpl>(*module),
                           replace_momentum<nn::BatchNorm2dImpl>(*module),
                           replace_momentum<nn::BatchNorm3dImpl>(*module)}) {
      if (old) model.replaced_momentum = old;
    }
  }
  for (const auto& item : network.module->named_parameters()) {
    append_unique(model.parameters, item.key(), item.value());
  }
  for (const auto& item : network.module->named_buffers()) {
    append_unique(model.buffers, item.key(), item.value());
  }
  model.forward = network.forward;
  model.train = [module = network.module](bool on) { module->train(on); };
  model.random = std::move(random);
  convert(model, type, device);
  return model;
}

}  // namespace syncline
