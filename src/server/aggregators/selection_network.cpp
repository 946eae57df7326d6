#include "server/aggregators/selection_network.hpp"

#include <bit>
#include <utility>

namespace syncline {
namespace {

/// Pairs of wires (low, high), in the order in which they are compared.
std::vector<std::pair<std::size_t, std::size_t>> merge_exchange(std::size_t wires) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  const std::size_t top = std::bit_ceil(wires) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t q = top;
    std::size_t r = 0;
    std::size_t distance = p;
    while (true) {
      for (std::size_t i = 0; i + distance < wires; ++i) {
        if ((i & p) == r) pairs.emplace_back(i, i + distance);
      }
      if (q == p) break;
      distance = q - p;
      q /= 2;
      r = p;
    }
  }
  return pairs;
}

/// What the rest of the network makes of a wire's value.
enum class Use {
  none,  ///< nothing
  one,   ///< one of the wanted values, no matter which
  value  ///< a value that must be this wire's
};

}  // namespace

SelectionNetwork::SelectionNetwork(std::size_t wires, std::size_t first, std::size_t last,
                                   WireOrder order) {
  std::vector<Use> uses(wires, Use::none);
  for (std::size_t i = first; i < last; ++i) {
    uses[i] = order == WireOrder::sorted ? Use::value : Use::one;
  }
  const auto pairs = merge_exchange(wires);
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    Use& low = uses[pair->first];
    Use& high = uses[pair->second];
    // Neither is used, or nobody minds which of the two is which.
    if (low == high && low != Use::value) continue;
    const Wanted wanted = low == Use::none    ? Wanted::high
                          : high == Use::none ? Wanted::low
                                              : Wanted::both;
    exchanges_.push_back(
        {static_cast<std::uint8_t>(pair->first), static_cast<std::uint8_t>(pair->second), wanted});
    low = high = Use::value;
  }
  std::reverse(exchanges_.begin(), exchanges_.end());
}

}  // namespace syncline
