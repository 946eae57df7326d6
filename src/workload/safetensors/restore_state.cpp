#include <algorithm>

#include "syncline/error.hpp"
#include "syncline/safetensors.hpp"
#include "workload/safetensors/memory_order.hpp"

namespace syncline {
namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text;
}

}  // namespace

template <class Real>
void restore_state(std::span<const StoredTensor> tensors, std::span<const NamedTensor> layout,
                   std::span<Real> state) {
  if (tensors.size() != layout.size()) {
    throw DataError("the stored weights have " + std::to_string(tensors.size()) +
                    " tensors and the model has " + std::to_string(layout.size()) +
                    ": they belong to another model");
  }
  for (const NamedTensor& target : layout) {
    const auto found =
        std::find_if(tensors.begin(), tensors.end(),
                     [&](const StoredTensor& tensor) { return tensor.name == target.name; });
    if (found == tensors.end()) {
      throw DataError("the stored weights lack '" + target.name +
                      "': they belong to another model");
    }
    if (found->shape != target.shape) {
      throw DataError("the stored '" + target.name + "' is " + shape_text(found->shape) +
                      " and the model's is " + shape_text(target.shape) +
                      ": they belong to another model or data set");
    }
    for (std::size_t i = 0; i < found->values.size(); ++i) {
      state[target.offset + stored_at(target, i)] = static_cast<Real>(found->values[i]);
    }
  }
}

template void restore_state(std::span<const StoredTensor>, std::span<const NamedTensor>,
                            std::span<float>);
template void restore_state(std::span<const StoredTensor>, std::span<const NamedTensor>,
                            std::span<double>);

}  // namespace syncline
