#include <set>

#include <doctest/doctest.h>

#include "make.hpp"
#include "workload/torch/batch.hpp"

using namespace syncline;
using namespace syncline::testing;

namespace {

constexpr TinyShape shape{.channels = 3, .height = 8, .width = 8, .train = 30};

double expected(const Dataset& data, std::uint32_t sample, std::size_t c, int row, int column) {
  const bool inside = row >= 0 && row < 8 && column >= 0 && column < 8;
  const double byte =
      inside ? data.train.bytes[sample * 192 + c * 64 + static_cast<std::size_t>(row * 8 + column)]
             : 0;
  return (byte / 255 - data.mean[c]) / data.deviation[c];
}

/// Whether `image` (C x H x W) is sample `number` moved by (down, right) and perhaps mirrored.
bool is_crop(const Dataset& data, const double* image, std::uint32_t number, int down, int right,
             bool mirrored) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (int row = 0; row < 8; ++row) {
      for (int column = 0; column < 8; ++column) {
        const int from = (mirrored ? 7 - column : column) + right;
        const double want = expected(data, number, c, row + down, from);
        if (std::abs(image[c * 64 + static_cast<std::size_t>(row * 8 + column)] - want) > 1e-12) {
          return false;
        }
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a batch holds the normalised pixels in either memory order") {
  const auto data = tiny_dataset(shape);
  const std::vector<std::uint32_t> numbers = {4, 17, 4};
  std::vector<double> planar(3 * 192), interleaved(3 * 192);
  std::vector<std::int64_t> labels(3);
  BatchWriter<double>(*data, TensorFormat::contiguous)
      .write(data->train, numbers, planar.data(), labels.data());
  BatchWriter<double>(*data, TensorFormat::channels_last)
      .write(data->train, numbers, interleaved.data(), labels.data());
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(labels[n] == data->train.labels[numbers[n]]);
    CHECK(is_crop(*data, planar.data() + n * 192, numbers[n], 0, 0, false));
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < 64; ++i) {
        CHECK(interleaved[n * 192 + i * 3 + c] == planar[n * 192 + c * 64 + i]);
      }
    }
  }
  const std::vector<std::uint32_t> beyond = {30};
  CHECK_THROWS_AS(BatchWriter<double>(*data, TensorFormat::contiguous)
                      .write(data->train, beyond, planar.data(), labels.data()),
                  InternalError);
}

TEST_CASE("augmented samples are crops of the padded image, mirrored or not, of every kind") {
  const auto data = tiny_dataset(shape);
  const BatchWriter<double> writer(*data, TensorFormat::contiguous);
  std::vector<double> images(192);
  std::vector<std::int64_t> labels(1);
  std::set<int> downs, rights, mirrors;
  for (std::uint64_t job = 0; job < 200; ++job) {
    const std::vector<std::uint32_t> number = {static_cast<std::uint32_t>(job % 30)};
    writer.write_augmented(data->train, number, {1, 0, job}, images.data(), labels.data());
    int matches = 0;
    for (int down = -4; down <= 4; ++down) {
      for (int right = -4; right <= 4; ++right) {
        for (const bool mirrored : {false, true}) {
          if (!is_crop(*data, images.data(), number[0], down, right, mirrored)) continue;
          ++matches;
          downs.insert(down);
          rights.insert(right);
          mirrors.insert(mirrored ? 1 : 0);
        }
      }
    }
    CHECK(matches == 1);
  }
  CHECK(downs.size() == 9);
  CHECK(rights.size() == 9);
  CHECK(mirrors.size() == 2);
}
