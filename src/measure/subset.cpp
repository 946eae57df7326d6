#include "measure/subset.hpp"

#include <algorithm>
#include <numeric>

#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

/// No worker of a fleet has this number, so that no draw is shared with a run.
constexpr std::uint32_t no_worker = 0xffffffff;

}  // namespace

Subset::Subset(std::size_t available, std::uint64_t wanted, std::size_t chunk, std::uint64_t seed)
    : numbers_(available) {
  std::iota(numbers_.begin(), numbers_.end(), 0U);
  const std::size_t size = wanted == 0 || wanted > available ? available : wanted;
  if (size < 2 && size < available) {
    throw ConfigError("measure.samples must be at least 2 (0: the whole training split), not " +
                      std::to_string(wanted));
  }
  // Fisher and Yates, stopped as soon as enough are drawn. A regular grid could run in step with
  // the order of the classes.
  DrawStream stream(Stream::sampling, {seed, no_worker, 0});
  for (std::size_t i = 0; i < size; ++i) {
    std::swap(numbers_[i], numbers_[i + stream.below(available - i)]);
  }
  numbers_.resize(size);
  chunks_ = std::max<std::size_t>(2, 2 * (size / (2 * chunk)));
  chunks_ = std::min(chunks_, size);
  unseen_ = 1 - static_cast<double>(size) / static_cast<double>(available);
}

std::span<const std::uint32_t> Subset::chunk(std::size_t index) const {
  const std::size_t first = size() * index / chunks_;
  const std::size_t last = size() * (index + 1) / chunks_;
  return std::span(numbers_).subspan(first, last - first);
}

}  // namespace syncline
