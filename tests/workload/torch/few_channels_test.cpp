#include <limits>

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "workload/torch/paired_convolution.hpp"
#include "workload/torch/pooled_relu.hpp"

// glog, which libtorch's headers bring in, takes this name for an assertion of its own.
#undef CHECK
#define CHECK DOCTEST_CHECK

using namespace syncline;

namespace {

/// Half of the values are multiples of 1/2, so that there are ties, also at 0.
torch::Tensor images(std::vector<std::int64_t> shape, at::MemoryFormat format) {
  const torch::Tensor smooth = torch::randn(shape),
                      coarse = torch::round(2 * torch::randn(shape)) / 2;
  return torch::where(torch::rand(shape) < 0.5, smooth, coarse).contiguous(format);
}

/// Values and gradient of `function` at `input`.
template <class Function>
std::pair<torch::Tensor, torch::Tensor> value_and_gradient(const torch::Tensor& input,
                                                           Function function) {
  const torch::Tensor leaf = input.clone().set_requires_grad(true);
  const torch::Tensor value = function(leaf);
  // Every output weighs something else, so that no two places can be mistaken for each other.
  const torch::Tensor weights =
      torch::arange(1, value.numel() + 1, value.options().requires_grad(false)).view(value.sizes());
  (value * weights).sum().backward();
  return {value.detach(), leaf.grad()};
}

}  // namespace

TEST_CASE("pooled_relu is relu and max_pool2d bit for bit, values and gradients, with ties") {
  torch::manual_seed(1);
  const std::vector<std::vector<std::int64_t>> shapes = {
      {3, 6, 8, 10}, {1, 1, 2, 2}, {2, 17, 4, 6}, {2, 6, 7, 9}};
  for (const auto format : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous}) {
    for (const auto& shape : shapes) {
      CAPTURE(shape[2]);
      const torch::Tensor input = images(shape, format);
      const auto [value, gradient] = value_and_gradient(input, pooled_relu);
      const auto [expected, expected_gradient] = value_and_gradient(
          input, [](const torch::Tensor& x) { return torch::max_pool2d(torch::relu(x), 2); });
      CHECK(torch::equal(value, expected));
      CHECK(torch::equal(gradient, expected_gradient));
    }
  }
}

TEST_CASE("pooled_relu does not lose what is no number") {
  for (std::int64_t place = 0; place < 4; ++place) {
    torch::Tensor input =
        torch::full({1, 6, 2, 2}, -1.0F).contiguous(at::MemoryFormat::ChannelsLast);
    input.index_put_({0, 3, place / 2, place % 2}, std::numeric_limits<float>::quiet_NaN());
    const torch::Tensor value = pooled_relu(input);
    CHECK(value.isnan().sum().item<std::int64_t>() == 1);
    CHECK(value.index({0, 3, 0, 0}).isnan().item<bool>());
    input.index_put_({0, 2, 0, 0}, std::numeric_limits<float>::infinity());
    input.index_put_({0, 2, 1, 1}, -std::numeric_limits<float>::infinity());
    CHECK(std::isinf(pooled_relu(input).index({0, 2, 0, 0}).item<float>()));
  }
}

TEST_CASE("paired_convolution is the plain convolution, values and gradients") {
  torch::manual_seed(2);
  for (const std::int64_t width : {12, 11, 5}) {  // the outputs: even, odd, a single column
    CAPTURE(width);
    const torch::Tensor input =
        torch::randn({4, 3, 9, width}, torch::kDouble).contiguous(at::MemoryFormat::ChannelsLast);
    torch::nn::Conv2d layer(torch::nn::Conv2dOptions(3, 6, 5));
    layer->to(torch::kDouble);
    torch::Tensor weight[2], bias[2];
    const auto run = [&](int which) {
      const auto [value, gradient] = value_and_gradient(input, [&](const torch::Tensor& x) {
        return which == 0 ? layer->forward(x) : paired_convolution(*layer, x);
      });
      weight[which] = layer->weight.grad().clone();
      bias[which] = layer->bias.grad().clone();
      layer->zero_grad();
      return std::pair(value, gradient);
    };
    const auto [expected, expected_gradient] = run(0);
    const auto [value, gradient] = run(1);
    CHECK(value.is_contiguous(at::MemoryFormat::ChannelsLast));
    // The same sums in another order, in double precision.
    CHECK(torch::allclose(value, expected, 1e-12, 1e-12));
    CHECK(torch::allclose(gradient, expected_gradient, 1e-12, 1e-9));
    CHECK(torch::allclose(weight[1], weight[0], 1e-12, 1e-9));
    CHECK(torch::allclose(bias[1], bias[0], 1e-12, 1e-9));
  }
}
