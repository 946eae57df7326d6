#pragma once

#include <cstddef>

namespace syncline {

/// How long the vectors are that a job brings.
struct PayloadShape {
  std::size_t dimension = 0;  ///< of the model, and of all that a worker remembers
  std::size_t vectors = 1;    ///< of the model's dimension, in a payload
  std::size_t buffers = 0;    ///< batch-norm statistics, which follow them

  [[nodiscard]] std::size_t payload_length() const { return vectors * dimension + buffers; }
};

}  // namespace syncline
