#include "workload/torch/pooled_relu.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace syncline {
namespace {

using at::MemoryFormat;

/// The 2 x 2 blocks of a channels-last tensor, as rows of memory.
struct Blocks {
  std::int64_t count, width, channels;  ///< of block rows in the whole batch; blocks in one; C

  explicit Blocks(const torch::Tensor& input)
      : count(input.size(0) * input.size(2) / 2),
        width(input.size(3) / 2),
        channels(input.size(1)) {}

  /// Calls visit(offset of the upper left pixel's channel, offset in the result) for every channel
  /// of every block.
  template <class Visit>
  void each(Visit visit) const {
    const std::int64_t row = 2 * width * channels;
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t x = 0; x < width; ++x) {
        const std::int64_t from = 2 * i * row + 2 * x * channels;
        const std::int64_t to = (i * width + x) * channels;
        for (std::int64_t c = 0; c < channels; ++c) visit(from + c, to + c);
      }
    }
  }

  [[nodiscard]] std::int64_t below() const { return 2 * width * channels; }
};

/// With what is no number as the largest of all.
float relu_of_largest(const std::array<float, 4>& values) {
  float largest = 0;
  for (const float value : values) {
    if (std::isnan(value)) return value;
    largest = std::max(largest, value);
  }
  return largest;
}

class PooledRelu : public torch::autograd::Function<PooledRelu> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& input) {
    const Blocks blocks(input);
    torch::Tensor output =
        torch::empty({input.size(0), input.size(1), input.size(2) / 2, input.size(3) / 2},
                     input.options().memory_format(MemoryFormat::ChannelsLast));
    torch::Tensor places = torch::empty({output.numel()}, torch::kByte);
    const float* in = input.data_ptr<float>();
    float* out = output.data_ptr<float>();
    std::uint8_t* place = places.data_ptr<std::uint8_t>();
    const std::int64_t right = blocks.channels, below = blocks.below();
    blocks.each([=](std::int64_t from, std::int64_t to) {
      const float a = in[from], b = in[from + right];
      const float c = in[from + below], d = in[from + below + right];
      const float largest = std::max(std::max(a, b), std::max(c, d));
      out[to] = std::max(largest, 0.0F);
      // As with libtorch, what is no number must not vanish here.
      if (std::isnan(a + b + c + d)) [[unlikely]]
        out[to] = relu_of_largest({a, b, c, d});
      // The first that is the largest, by counting those before it: no processor can guess which it
      // is, so there must be no branch.
      const unsigned not_a = a != largest, nor_b = not_a & static_cast<unsigned>(b != largest);
      place[to] =
          static_cast<std::uint8_t>(not_a + nor_b + (nor_b & static_cast<unsigned>(c != largest)));
    });
    context->save_for_backward({output, places});
    context->saved_data["shape"] = input.sizes().vec();
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor above = gradients[0].contiguous(MemoryFormat::ChannelsLast);
    torch::Tensor result = torch::empty(context->saved_data["shape"].toIntVector(),
                                        above.options().memory_format(MemoryFormat::ChannelsLast))
                               .zero_();
    const float* out = saved[0].data_ptr<float>();
    const std::uint8_t* place = saved[1].data_ptr<std::uint8_t>();
    const float* gradient = above.data_ptr<float>();
    float* to_input = result.data_ptr<float>();
    const Blocks blocks(result);
    const std::int64_t right = blocks.channels, below = blocks.below();
    const std::array<std::int64_t, 4> places = {0, right, below, below + right};
    blocks.each([=](std::int64_t from, std::int64_t to) {
      to_input[from + places[place[to]]] = out[to] > 0 ? gradient[to] : 0.0F;
    });
    return {result};
  }
};

bool fits(const torch::Tensor& input) {
  return input.scalar_type() == torch::kFloat && input.is_cpu() &&
         input.is_contiguous(MemoryFormat::ChannelsLast) && input.size(2) % 2 == 0 &&
         input.size(3) % 2 == 0;
}

}  // namespace

torch::Tensor pooled_relu(const torch::Tensor& input) {
  if (!fits(input)) return torch::relu(torch::max_pool2d(input, 2));
  return PooledRelu::apply(input);
}

}  // namespace syncline
