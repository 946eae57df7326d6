#pragma once

#include <span>

namespace syncline {

/// Adds up the sums of a vector's blocks (kernels.hpp). Of a vector that is cut into shards, each
/// shard has some blocks, and all shards get the total of all, added in their order: the bits are
/// those of the uncut vector.
class Totals {
 public:
  virtual ~Totals() = default;
  [[nodiscard]] virtual double total(std::span<const double> blocks) = 0;
};

}  // namespace syncline
