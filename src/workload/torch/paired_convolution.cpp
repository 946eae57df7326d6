#include "workload/torch/paired_convolution.hpp"

namespace syncline {
namespace {

using at::MemoryFormat;

bool fits(const torch::nn::Conv2dImpl& convolution, const torch::Tensor& input) {
  const std::int64_t width = input.size(3) - convolution.weight.size(3) + 1;
  return width > 0 && width % 2 == 0 && input.is_contiguous(MemoryFormat::ChannelsLast) &&
         convolution.bias.defined();
}

}  // namespace

torch::Tensor paired_convolution(torch::nn::Conv2dImpl& convolution, const torch::Tensor& input) {
  if (!fits(convolution, input)) return convolution.forward(input);
  const torch::Tensor& weight = convolution.weight;
  const torch::Tensor pair =
      torch::cat({torch::constant_pad_nd(weight, {0, 1}), torch::constant_pad_nd(weight, {1, 0})})
          .contiguous(MemoryFormat::ChannelsLast);
  const torch::Tensor bias = torch::cat({convolution.bias, convolution.bias});
  const torch::Tensor paired = torch::conv2d(input, pair, bias, {1, 2});
  // N x 2F x H x W/2 in channels-last memory is N x H x W/2 x (2 x F), that is N x H x W x F.
  return paired.permute({0, 2, 3, 1})
      .reshape({input.size(0), paired.size(2), 2 * paired.size(3), weight.size(0)})
      .permute({0, 3, 1, 2});
}

}  // namespace syncline
