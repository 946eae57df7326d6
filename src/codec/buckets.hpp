#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "syncline/spec.hpp"

namespace syncline {

/// Consecutive pieces of a vector, each with a scale of its own; the last may be shorter.
class Buckets {
 public:
  /// From `bucket`; 0 means one bucket for the whole vector.
  Buckets(const Arguments& arguments, std::size_t dimension)
      : dimension_(dimension), size_(dimension) {
    const std::uint64_t size = arguments.whole("bucket");
    if (size > 0) size_ = std::min<std::uint64_t>(size, dimension);
  }

  [[nodiscard]] std::size_t dimension() const { return dimension_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t count() const { return (dimension_ + size_ - 1) / size_; }

  template <class Number>
  [[nodiscard]] std::span<Number> piece(std::span<Number> vector, std::size_t bucket) const {
    const std::size_t begin = bucket * size_;
    return vector.subspan(begin, std::min(size_, dimension_ - begin));
  }

 private:
  std::size_t dimension_, size_;
};

}  // namespace syncline
