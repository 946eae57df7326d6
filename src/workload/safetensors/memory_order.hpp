#pragma once

#include <cstddef>

#include "syncline/workload.hpp"

namespace syncline {

/// Elements of a tensor of the layout.
[[nodiscard]] std::size_t element_count(const NamedTensor& tensor);

/// Where, within its slice of the state, a tensor keeps the element that is the `index`-th in
/// row-major order of its shape.
[[nodiscard]] std::size_t stored_at(const NamedTensor& tensor, std::size_t index);

}  // namespace syncline
