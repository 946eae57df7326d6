#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "server/kernels.hpp"
#include "syncline/error.hpp"

namespace syncline {

/// How the vectors of a run are cut into shards: borders lie on the edges of the blocks that sums
/// are made of, and the last shard has the batch-norm buffers behind the parameters.
class Slices {
 public:
  /// Throws ConfigError if there are more shards than blocks.
  Slices(std::size_t dimension, std::size_t buffers, std::uint32_t shards)
      : dimension_(dimension), buffers_(buffers), shards_(shards) {
    const std::size_t blocks = (dimension + sum_block - 1) / sum_block;
    if (shards == 0 || shards > blocks) {
      throw ConfigError("the model's " + std::to_string(dimension) + " parameters are " +
                        std::to_string(blocks) + " blocks of " + std::to_string(sum_block) +
                        ", which can't be shared among " + std::to_string(shards) + " shards");
    }
  }

  [[nodiscard]] std::uint32_t count() const { return shards_; }
  /// First parameter of a shard; of the one behind the last: the dimension.
  [[nodiscard]] std::size_t begin(std::uint32_t shard) const {
    const std::size_t blocks = (dimension_ + sum_block - 1) / sum_block;
    return std::min(dimension_, blocks * shard / shards_ * sum_block);
  }
  [[nodiscard]] std::size_t parameters(std::uint32_t shard) const {
    return begin(shard + 1) - begin(shard);
  }
  [[nodiscard]] std::size_t buffers(std::uint32_t shard) const {
    return shard + 1 == shards_ ? buffers_ : 0;
  }
  [[nodiscard]] std::size_t length(std::uint32_t shard) const {
    return parameters(shard) + buffers(shard);
  }

  /// The part of a shard in a vector of the parameters, or of parameters and buffers.
  template <class Number>
  [[nodiscard]] std::span<Number> part(std::uint32_t shard, std::span<Number> whole) const {
    const std::size_t end = shard + 1 == shards_ ? whole.size() : begin(shard + 1);
    return whole.subspan(begin(shard), end - begin(shard));
  }

 private:
  std::size_t dimension_, buffers_;
  std::uint32_t shards_;
};

}  // namespace syncline
