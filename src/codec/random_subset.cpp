#include "codec/random_subset.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace syncline {

std::vector<std::uint32_t> random_subset(std::size_t size, std::size_t count, DrawStream& draws) {
  std::vector<std::uint32_t> numbers(size);
  std::iota(numbers.begin(), numbers.end(), std::uint32_t{0});
  // Fisher and Yates, as far as it is needed.
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(numbers[i], numbers[i + draws.below(size - i)]);
  }
  numbers.resize(count);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace syncline
