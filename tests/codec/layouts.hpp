#pragma once

#include <string>
#include <utility>
#include <vector>

#include "syncline/codec.hpp"

namespace syncline::testing {

/// Builds a layout tensor by tensor.
class LayoutBuilder {
 public:
  void tensor(std::string name, std::vector<std::int64_t> shape, bool channels_last = false) {
    std::size_t size = 1;
    for (const std::int64_t n : shape) size *= static_cast<std::size_t>(n);
    context_.layout.push_back({std::move(name), std::move(shape), next_, channels_last});
    next_ += size;
  }

  void convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t width) {
    tensor(name + ".weight", {out, in, width, width}, true);
  }

  void batch_norm(const std::string& name, std::int64_t channels) {
    tensor(name + ".weight", {channels});
    tensor(name + ".bias", {channels});
  }

  void linear(const std::string& name, std::int64_t in, std::int64_t out) {
    tensor(name + ".weight", {out, in});
    tensor(name + ".bias", {out});
  }

  /// Ends the parameters; running statistics may follow.
  CodecContext context(std::uint64_t seed) {
    context_.dimension = next_;
    context_.seed = seed;
    tensor("running_mean", {3, 4});
    return context_;
  }

 private:
  CodecContext context_;
  std::size_t next_ = 0;
};

/// ResNet32 with 32, 64 and 128 channels and convolutions as shortcuts, for ten classes.
inline CodecContext resnet32(std::uint64_t seed = 1) {
  LayoutBuilder net;
  net.convolution("conv1", 3, 32, 3);
  net.batch_norm("bn1", 32);
  std::int64_t in = 32;
  for (int stage = 1; stage <= 3; ++stage) {
    const std::int64_t out = 16 << stage;
    for (int block = 0; block < 5; ++block) {
      const std::string name = "layer" + std::to_string(stage) + "." + std::to_string(block);
      net.convolution(name + ".conv1", in, out, 3);
      net.batch_norm(name + ".bn1", out);
      net.convolution(name + ".conv2", out, out, 3);
      net.batch_norm(name + ".bn2", out);
      if (in != out) {
        net.convolution(name + ".downsample.0", in, out, 1);
        net.batch_norm(name + ".downsample.1", out);
      }
      in = out;
    }
  }
  net.linear("fc", in, 10);
  return net.context(seed);
}

/// VGG19 with batch norm, one linear layer, for ten classes.
inline CodecContext vgg19(std::uint64_t seed = 1) {
  LayoutBuilder net;
  std::int64_t in = 3;
  int layer = 0;
  for (const auto& [channels, count] : {std::pair{64, 2}, {128, 2}, {256, 4}, {512, 8}}) {
    for (int i = 0; i < count; ++i, ++layer) {
      const std::string name = "features." + std::to_string(layer);
      net.convolution(name, in, channels, 3);
      net.tensor(name + ".bias", {channels});
      net.batch_norm(name + ".bn", channels);
      in = channels;
    }
  }
  net.linear("classifier", in, 10);
  return net.context(seed);
}

/// 3*9 + 3 + 2*9*3 + 2 + 2*8 + 2 = 104 parameters.
inline CodecContext tiny_net(std::uint64_t seed = 1) {
  LayoutBuilder net;
  net.convolution("conv1", 1, 3, 3);
  net.tensor("conv1.bias", {3});
  net.convolution("conv2", 3, 2, 3);
  net.tensor("conv2.bias", {2});
  net.linear("fc", 8, 2);
  return net.context(seed);
}

}  // namespace syncline::testing
