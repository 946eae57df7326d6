#include "workload/torch/flat_views.hpp"

#include <numeric>

namespace syncline {

std::int64_t FlatPlace::elements() const {
  return std::accumulate(named.shape.begin(), named.shape.end(), std::int64_t{1},
                         std::multiplies<>());
}

FlatPlace make_place(std::string name, const torch::Tensor& tensor, std::size_t offset,
                     TensorFormat format) {
  FlatPlace place;
  place.named.name = std::move(name);
  place.named.shape = tensor.sizes().vec();
  place.named.offset = offset;
  place.named.channels_last = format == TensorFormat::channels_last && tensor.dim() == 4;
  const auto& shape = place.named.shape;
  place.strides.assign(shape.size(), 1);
  if (place.named.channels_last) {
    place.strides = {shape[1] * shape[2] * shape[3], 1, shape[1] * shape[3], shape[1]};
  } else {
    for (std::size_t i = shape.size(); i-- > 1;) {
      place.strides[i - 1] = place.strides[i] * shape[i];
    }
  }
  return place;
}

}  // namespace syncline
