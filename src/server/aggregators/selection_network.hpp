#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace syncline {

/// Which order the wanted wires come in.
enum class WireOrder { any, sorted };

/// Selects by compare-exchanges whose sequence doesn't depend on the values, so that a whole row of
/// coordinates goes through each of them at once. It is Batcher's merge exchange sort for any
/// number of wires (Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M) without the
/// exchanges, and halves of exchanges, that the wanted wires don't depend on.
class SelectionNetwork {
 public:
  static constexpr std::size_t most = 128;  ///< wires; beyond, the rows don't fit into the caches

  /// For the order statistics first, first + 1, ..., last - 1 of `wires` values, counted from 0.
  /// REQUIRES: first < last <= wires <= 255.
  SelectionNetwork(std::size_t wires, std::size_t first, std::size_t last, WireOrder order);

  /// `rows` holds a row of `width` coordinates for each wire. Afterwards the rows first ... last -
  /// 1 hold the order statistics of each coordinate, and the others anything.
  template <std::size_t width, class Real>
  void run(Real* rows) const {
    for (const Exchange& exchange : exchanges_) {
      Real* low = rows + exchange.low * width;
      Real* high = rows + exchange.high * width;
      if (exchange.wanted == Wanted::both) {
        for (std::size_t i = 0; i < width; ++i) {
          const Real a = low[i];
          const Real b = high[i];
          low[i] = std::min(a, b);
          high[i] = std::max(a, b);
        }
      } else if (exchange.wanted == Wanted::low) {
        for (std::size_t i = 0; i < width; ++i) low[i] = std::min(low[i], high[i]);
      } else {
        for (std::size_t i = 0; i < width; ++i) high[i] = std::max(low[i], high[i]);
      }
    }
  }

 private:
  enum class Wanted : std::uint8_t { low, high, both };
  struct Exchange {
    std::uint8_t low, high;
    Wanted wanted;
  };

  std::vector<Exchange> exchanges_;
};

}  // namespace syncline
