#include <torch/torch.h>

#include "syncline/error.hpp"
#include "workload/torch/networks.hpp"

namespace syncline {
namespace {

namespace nn = torch::nn;

nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

class Block : public nn::Module {
 public:
  Block(std::int64_t in, std::int64_t out, std::int64_t stride)
      : conv1_(register_module("conv1", conv3x3(in, out, stride))),
        bn1_(register_module("bn1", nn::BatchNorm2d(out))),
        conv2_(register_module("conv2", conv3x3(out, out, 1))),
        bn2_(register_module("bn2", nn::BatchNorm2d(out))),
        stride_(stride),
        more_channels_(out - in) {}

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor x = bn2_(conv2_(torch::relu(bn1_(conv1_(input)))));
    return torch::relu(x + shortcut(input));
  }

 private:
  /// Option A: every second pixel, and zeros for the channels that the input lacks.
  [[nodiscard]] torch::Tensor shortcut(const torch::Tensor& input) const {
    if (stride_ == 1 && more_channels_ == 0) return input;
    const torch::Tensor thinned =
        input.slice(2, 0, input.size(2), stride_).slice(3, 0, input.size(3), stride_);
    const std::int64_t before = more_channels_ / 2;
    return torch::constant_pad_nd(thinned, {0, 0, 0, 0, before, more_channels_ - before});
  }

  nn::Conv2d conv1_;
  nn::BatchNorm2d bn1_;
  nn::Conv2d conv2_;
  nn::BatchNorm2d bn2_;
  std::int64_t stride_, more_channels_;
};

class ResNet20 : public nn::Module {
 public:
  explicit ResNet20(const NetworkSite& site)
      : conv1_(register_module("conv1", conv3x3(site.channels, 16, 1))),
        bn1_(register_module("bn1", nn::BatchNorm2d(16))),
        layer1_(register_module("layer1", stage(16, 16, 1))),
        layer2_(register_module("layer2", stage(16, 32, 2))),
        layer3_(register_module("layer3", stage(32, 64, 2))),
        fc_(register_module("fc", nn::Linear(64, site.classes))) {
    // He et al., "Delving Deep into Rectifiers" (arXiv 1502.01852): the initialisation of the
    // paper.
    for (const auto& module : modules(false)) {
      if (auto* convolution = module->as<nn::Conv2d>()) {
        nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut, torch::kReLU);
      }
    }
  }

  torch::Tensor forward(const torch::Tensor& input) {
    const torch::Tensor x = torch::relu(bn1_(conv1_(input)));
    return fc_(layer3_->forward(layer2_->forward(layer1_->forward(x))).mean({2, 3}));
  }

 private:
  static nn::Sequential stage(std::int64_t in, std::int64_t out, std::int64_t stride) {
    return nn::Sequential(std::make_shared<Block>(in, out, stride),
                          std::make_shared<Block>(out, out, 1),
                          std::make_shared<Block>(out, out, 1));
  }

  nn::Conv2d conv1_;
  nn::BatchNorm2d bn1_;
  nn::Sequential layer1_, layer2_, layer3_;
  nn::Linear fc_;
};

}  // namespace

Network build_resnet20(const Arguments&, const NetworkSite& site) {
  if (std::min(site.height, site.width) < 4) {
    throw ConfigError("resnet20 needs images of at least 4 x 4 pixels, not " +
                      std::to_string(site.height) + " x " + std::to_string(site.width) +
                      "; use mlp for tabular data");
  }
  return as_network(std::make_shared<ResNet20>(site));
}

}  // namespace syncline
