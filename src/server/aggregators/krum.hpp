#pragma once

#include <cstdint>
#include <optional>

#include "server/aggregators/distances.hpp"
#include "server/aggregators/neighbours.hpp"

namespace syncline {

/// The mean of the m payloads that are nearest to their n - b - 2 nearest others (Blanchard, El
/// Mhamdi, Guerraoui, Stainer, arXiv 1703.02757): Krum takes the best one, Multi-Krum the m best.
/// Distances are those of the gradients.
template <class Real>
class KrumBase : public PayloadSet<Real> {
 protected:
  /// `m` nothing: as many as a score counts, n - b - 2.
  KrumBase(const AggregatorShape& shape, std::size_t b, std::optional<std::size_t> m)
      : PayloadSet<Real>(shape), b_(b), m_(m) {}

  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) final {
    const std::size_t n = payloads.size();
    const std::size_t b = bearable(b_, n, 2, 3);
    const std::size_t most = krum_nearest(n, b);
    const Neighbours neighbours(pair_distances(payloads, this->shape().dimension), n);
    const auto ranked = neighbours.ranked(b);
    Payloads<Real> best;
    for (std::size_t i = 0; i < std::min(m_.value_or(most), most); ++i) {
      best.push_back(payloads[ranked[i]]);
    }
    const std::vector<double> weights(best.size(), 1.0 / static_cast<double>(best.size()));
    weighted_sums(best, weights, 0, result);
  }

 private:
  std::size_t b_;
  std::optional<std::size_t> m_;
};

template <class Real>
class Krum final : public KrumBase<Real> {
 public:
  Krum(const Arguments& arguments, const AggregatorShape& shape)
      : KrumBase<Real>(shape, arguments.whole("b"), 1) {}
};

template <class Real>
class MultiKrum final : public KrumBase<Real> {
 public:
  MultiKrum(const Arguments& arguments, const AggregatorShape& shape)
      : KrumBase<Real>(shape, arguments.whole("b"), best_of(arguments)) {}

 private:
  static std::optional<std::size_t> best_of(const Arguments& arguments) {
    const std::uint64_t m = arguments.whole("m");
    return m == 0 ? std::nullopt : std::optional<std::size_t>(m);
  }
};

}  // namespace syncline
