#include "workload/torch/models.hpp"

#include "workload/torch/networks.hpp"
#include "workload/torch/torchscript.hpp"

namespace syncline {
namespace {

std::vector<RegistryEntry<WorkloadFactory>>& added_models() {
  static std::vector<RegistryEntry<WorkloadFactory>> models;
  return models;
}

}  // namespace

void add_torch_model(RegistryEntry<WorkloadFactory> entry) {
  added_models().push_back(std::move(entry));
}

std::vector<RegistryEntry<WorkloadFactory>> torch_workloads() {
  using enum TensorFormat;
  std::vector<RegistryEntry<WorkloadFactory>> rows = {
      torch_entry("mlp", "fully connected layers with ReLU between them",
                  "Rumelhart, Hinton, Williams, Nature 323, 1986",
                  {{"hidden", "widths of the hidden layers, such as 64 or 128-64", "64"}},
                  contiguous, build_mlp),
      torch_entry("lenet", "LeNet-type CNN: 62,006 parameters on CIFAR-10",
                  "LeCun et al., Proc. IEEE 86(11), 1998", {}, channels_last, build_lenet),
      torch_entry("cnn",
                  "two convolutions with batch norm, two layers: 1.07 M parameters on CIFAR-10",
                  "batch norm: Ioffe, Szegedy, arXiv 1502.03167",
                  {{"dropout", "probability of dropout before the last layer", "0"}}, channels_last,
                  build_cnn),
      torch_entry("resnet20", "residual network of 20 layers: 0.27 M parameters on CIFAR-10",
                  "He et al., arXiv 1512.03385, section 4.2", {}, channels_last, build_resnet20),
      torchscript_entry()};
  rows.insert(rows.end(), added_models().begin(), added_models().end());
  return rows;
}

}  // namespace syncline
