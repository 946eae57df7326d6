#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "syncline/dataset.hpp"
#include "syncline/random.hpp"

namespace syncline::testing {

/// What a tiny data set looks like.
struct TinyShape {
  std::size_t channels = 1, height = 8, width = 8;
  std::size_t classes = 3;
  std::size_t train = 240;
  std::size_t test = 90;
};

inline constexpr TinyShape tiny_grey{};
inline constexpr TinyShape tiny_colour{.channels = 3, .height = 32, .width = 32};

/// Pixels of Gaussian blobs around one random picture for each class; label i mod classes.
inline Samples tiny_samples(const TinyShape& shape, std::size_t count, std::uint32_t part) {
  const std::size_t features = shape.channels * shape.height * shape.width;
  std::vector<double> centres(shape.classes * features);
  DrawStream centre_stream(Stream::initial, {20031057, 0, 0});
  for (double& centre : centres) centre = 60 + 130 * centre_stream.uniform();

  Samples samples{.count = count,
                  .channels = shape.channels,
                  .height = shape.height,
                  .width = shape.width,
                  .bytes = std::vector<std::uint8_t>(count * features),
                  .values = {},
                  .labels = std::vector<std::int32_t>(count)};
  DrawStream noise(Stream::initial, {20031057, part, 1});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t label = i % shape.classes;
    samples.labels[i] = static_cast<std::int32_t>(label);
    for (std::size_t j = 0; j < features; ++j) {
      const double pixel = centres[label * features + j] + 25 * noise.normal();
      samples.bytes[i * features + j] =
          static_cast<std::uint8_t>(std::lround(std::clamp(pixel, 0.0, 255.0)));
    }
  }
  return samples;
}

/// A small, linearly separable, always identical data set in memory, for tests that train.
inline std::shared_ptr<const Dataset> tiny_dataset(const TinyShape& shape = tiny_grey) {
  Dataset dataset;
  dataset.name = "tiny";
  dataset.classes = shape.classes;
  dataset.train = tiny_samples(shape, shape.train, 1);
  dataset.test = tiny_samples(shape, shape.test, 2);
  dataset.mean.assign(shape.channels, 0.49F);
  dataset.deviation.assign(shape.channels, 0.18F);
  return std::make_shared<const Dataset>(std::move(dataset));
}

}  // namespace syncline::testing
