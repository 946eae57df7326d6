#include <torch/torch.h>

#include "syncline/error.hpp"
#include "workload/torch/networks.hpp"

namespace syncline {
namespace {

class Cnn : public torch::nn::Module {
 public:
  Cnn(const NetworkSite& site, double dropout)
      : conv1_(register_module("conv1", conv(site.channels, 32))),
        bn1_(register_module("bn1", torch::nn::BatchNorm2d(32))),
        conv2_(register_module("conv2", conv(32, 64))),
        bn2_(register_module("bn2", torch::nn::BatchNorm2d(64))),
        fc1_(register_module("fc1",
                             torch::nn::Linear(64 * (site.height / 4) * (site.width / 4), 256))),
        fc2_(register_module("fc2", torch::nn::Linear(256, site.classes))),
        dropout_(dropout),
        random_(site.random) {}

  torch::Tensor forward(const torch::Tensor& input) {
    torch::Tensor x = torch::max_pool2d(torch::relu(bn1_(conv1_(input))), 2);
    x = torch::max_pool2d(torch::relu(bn2_(conv2_(x))), 2).flatten(1);
    x = torch::relu(fc1_(x));
    return fc2_(dropout(x, dropout_, is_training(), *random_));
  }

 private:
  static torch::nn::Conv2d conv(std::int64_t in, std::int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1));
  }

  torch::nn::Conv2d conv1_;
  torch::nn::BatchNorm2d bn1_;
  torch::nn::Conv2d conv2_;
  torch::nn::BatchNorm2d bn2_;
  torch::nn::Linear fc1_, fc2_;
  double dropout_;
  std::shared_ptr<JobRandom> random_;
};

}  // namespace

Network build_cnn(const Arguments& arguments, const NetworkSite& site) {
  const double dropout = arguments.non_negative("dropout");
  if (dropout >= 1) arguments.refuse("dropout", "must be below 1");
  if (std::min(site.height, site.width) < 4) {
    throw ConfigError("cnn needs images of at least 4 x 4 pixels, not " +
                      std::to_string(site.height) + " x " + std::to_string(site.width) +
                      "; use mlp for tabular data");
  }
  return as_network(std::make_shared<Cnn>(site, dropout));
}

}  // namespace syncline
