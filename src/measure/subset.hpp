#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace syncline {

/// The fixed samples of the training split that stand for all of it: drawn without replacement, in
/// random order, cut into an even number of chunks of nearly equal size.
class Subset {
 public:
  /// `wanted` of `available` samples (0: all) by the seed. `chunk` is the size that chunks should
  /// have. Throws ConfigError for fewer than 2 of more samples.
  Subset(std::size_t available, std::uint64_t wanted, std::size_t chunk, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const { return numbers_.size(); }
  [[nodiscard]] std::size_t chunks() const { return chunks_; }
  [[nodiscard]] std::span<const std::uint32_t> chunk(std::size_t index) const;
  /// Which share of the split is not in it: 0 where it is the whole split. The mean over the subset
  /// has this share of the variance that a mean over independent draws has.
  [[nodiscard]] double unseen() const { return unseen_; }

 private:
  std::vector<std::uint32_t> numbers_;
  std::size_t chunks_;
  double unseen_;
};

}  // namespace syncline
