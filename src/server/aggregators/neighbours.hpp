#pragma once

#include <compare>
#include <cstddef>
#include <utility>
#include <vector>

namespace syncline {

/// How many nearest others a score counts among n payloads of which b may be faulty.
constexpr std::size_t krum_nearest(std::size_t n, std::size_t b) {
  return n > b + 3 ? n - b - 2 : 1;
}

/// How near each payload is to the others: the choices of Krum, Multi-Krum and Bulyan.
class Neighbours {
 public:
  /// From the squared distances of all pairs of n payloads, [i * n + j].
  Neighbours(const std::vector<double>& distances, std::size_t n);

  /// All payloads by Krum's score, the best first: the sum of the squared distances to the
  /// krum_nearest(n, b) nearest others. Of equal scores the one is better that is nearer to all
  /// others, by the sum of the squared distances; of equals in both, the earlier.
  [[nodiscard]] std::vector<std::size_t> ranked(std::size_t b) const;

  /// `count` payloads, each the best by that score among those not yet chosen.
  [[nodiscard]] std::vector<std::size_t> chosen(std::size_t b, std::size_t count) const;

 private:
  struct Score {
    double near = 0;
    double all = 0;
    auto operator<=>(const Score&) const = default;
  };
  /// Among those that are `left`.
  [[nodiscard]] Score score(std::size_t i, std::size_t nearest,
                            const std::vector<bool>& left) const;

  /// Of each payload the others and their distances, the nearest first.
  std::vector<std::vector<std::pair<double, std::size_t>>> others_;
};

}  // namespace syncline
