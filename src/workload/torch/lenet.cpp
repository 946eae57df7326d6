#include <torch/torch.h>

#include "syncline/error.hpp"
#include "workload/torch/networks.hpp"
#include "workload/torch/paired_convolution.hpp"
#include "workload/torch/pooled_relu.hpp"

namespace syncline {
namespace {

class LeNet : public torch::nn::Module {
 public:
  LeNet(const NetworkSite& site, std::int64_t flat)
      : conv1_(register_module("conv1", conv(site.channels, 6))),
        conv2_(register_module("conv2", conv(6, 16))),
        fc1_(register_module("fc1", torch::nn::Linear(flat, 120))),
        fc2_(register_module("fc2", torch::nn::Linear(120, 84))),
        fc3_(register_module("fc3", torch::nn::Linear(84, site.classes))) {}

  torch::Tensor forward(const torch::Tensor& input) {
    // ReLU after pooling is the same as before it, values and gradients, with a quarter to do.
    torch::Tensor x = pooled_relu(paired_convolution(*conv1_, input));
    x = pooled_relu(conv2_(x)).flatten(1);
    x = torch::relu(fc1_(x));
    return fc3_(torch::relu(fc2_(x)));
  }

 private:
  static torch::nn::Conv2d conv(std::int64_t in, std::int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 5));
  }

  torch::nn::Conv2d conv1_, conv2_;
  torch::nn::Linear fc1_, fc2_, fc3_;
};

/// Edge length after both convolutions and poolings.
std::int64_t reduced(std::int64_t edge) { return ((edge - 4) / 2 - 4) / 2; }

}  // namespace

Network build_lenet(const Arguments&, const NetworkSite& site) {
  if (std::min(site.height, site.width) < 16) {
    throw ConfigError("lenet needs images of at least 16 x 16 pixels, not " +
                      std::to_string(site.height) + " x " + std::to_string(site.width) +
                      "; use mlp for small or tabular data");
  }
  const std::int64_t flat = 16 * reduced(site.height) * reduced(site.width);
  return as_network(std::make_shared<LeNet>(site, flat));
}

}  // namespace syncline
