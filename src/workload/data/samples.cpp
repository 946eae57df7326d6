#include "workload/data/samples.hpp"

#include <algorithm>
#include <string>

#include "syncline/error.hpp"

namespace syncline {

std::optional<std::size_t> checked_product(std::span<const std::size_t> shape) {
  std::size_t product = 1;
  for (const std::size_t extent : shape) {
    if (__builtin_mul_overflow(product, extent, &product)) return std::nullopt;
  }
  return product;
}

bool set_shape(Samples& samples, std::span<const std::size_t> shape) {
  if (shape.size() < 2 || shape.size() > 4) return false;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return false;
  samples.count = shape[0];
  samples.channels = shape.size() == 4 ? shape[1] : 1;
  samples.height = shape.size() >= 3 ? shape[shape.size() - 2] : 1;
  samples.width = shape.back();
  return true;
}

void check_splits(Dataset& dataset, const std::filesystem::path& where) {
  const Samples& train = dataset.train;
  const Samples& test = dataset.test;
  const auto fail = [&](const std::string& what) {
    return DataError(where.string() + ": " + what);
  };
  const auto counts_agree = [&](const Samples& split, const std::string& name) {
    if (split.labels.size() == split.count) return;
    throw fail("the " + name + " split has " + std::to_string(split.count) + " samples but " +
               std::to_string(split.labels.size()) + " labels");
  };
  counts_agree(train, "training");
  counts_agree(test, "test");
  if (train.channels != test.channels || train.height != test.height || train.width != test.width ||
      train.bytes.empty() != test.bytes.empty()) {
    throw fail("training and test samples differ in shape or type");
  }
  const auto largest = std::max_element(train.labels.begin(), train.labels.end());
  dataset.classes = static_cast<std::size_t>(*largest) + 1;
  const auto unknown = std::find_if(test.labels.begin(), test.labels.end(), [&](std::int32_t y) {
    return static_cast<std::size_t>(y) >= dataset.classes;
  });
  if (unknown != test.labels.end()) {
    throw fail("test sample " + std::to_string(unknown - test.labels.begin()) + " has class " +
               std::to_string(*unknown) + ", but the training split has only classes 0 to " +
               std::to_string(dataset.classes - 1));
  }
}

}  // namespace syncline
