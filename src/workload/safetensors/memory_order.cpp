#include "workload/safetensors/memory_order.hpp"

namespace syncline {

std::size_t element_count(const NamedTensor& tensor) {
  std::size_t count = 1;
  for (const std::int64_t size : tensor.shape) count *= static_cast<std::size_t>(size);
  return count;
}

std::size_t stored_at(const NamedTensor& tensor, std::size_t index) {
  if (!tensor.channels_last) return index;
  const auto inputs = static_cast<std::size_t>(tensor.shape[1]);
  const auto area = static_cast<std::size_t>(tensor.shape[2] * tensor.shape[3]);
  const std::size_t output = index / (inputs * area);
  const std::size_t input = index / area % inputs;
  const std::size_t pixel = index % area;
  return (output * area + pixel) * inputs + input;
}

}  // namespace syncline
