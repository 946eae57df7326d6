#pragma once

#include "fleet/decentralised/screen.hpp"
#include "server/aggregators/distances.hpp"
#include "server/aggregators/middle_mean.hpp"
#include "server/aggregators/neighbours.hpp"

namespace syncline {

/// Of n models, |N_j| + 1, scores count |N_j| - b - 2 nearest others: one fewer than the server's
/// Krum does, which looks at n - b - 2. So they are the server's scores for one more than b.
constexpr std::size_t for_scores(std::size_t b) { return b + 1; }

/// BRIDGE-K. The one of the neighbours' models and the own one with the least sum of squared
/// distances to its |N_j| - b - 2 nearest others. Ties as in Neighbours, the own one last.
template <class Real>
class KrumScreen final : public Screen<Real> {
 public:
  KrumScreen(const Arguments& arguments, const AggregatorShape& shape, const Topology&)
      : Screen<Real>(arguments, shape) {}

 private:
  void screen(std::span<const Real> own, const Payloads<Real>& neighbours,
              std::span<Real> result) const override {
    const Payloads<Real> all = this->with_own(own, neighbours);
    const std::size_t b = bearable(this->b(), all.size(), 2, 4);
    const Neighbours near(pair_distances(all, this->dimension()), all.size());
    const auto& best = all[near.ranked(for_scores(b)).front()];
    std::copy(best.begin(), best.end(), result.begin());
  }
};

/// BRIDGE-B. Chooses |N_j| - 2b of the neighbours' models and the own one by Krum's score, one
/// after the other without replacement; then per coordinate their mean without the b largest and
/// the b smallest.
template <class Real>
class BulyanScreen final : public Screen<Real> {
 public:
  BulyanScreen(const Arguments& arguments, const AggregatorShape& shape, const Topology&)
      : Screen<Real>(arguments, shape) {}

 private:
  void screen(std::span<const Real> own, const Payloads<Real>& neighbours,
              std::span<Real> result) const override {
    const Payloads<Real> all = this->with_own(own, neighbours);
    const std::size_t n = all.size();
    const std::size_t b = std::min(bearable(this->b(), n, 4, 2), bearable(this->b(), n, 3, 3));
    const Neighbours near(pair_distances(all, this->dimension()), n);
    Payloads<Real> chosen;
    for (const std::size_t i : near.chosen(for_scores(b), n > 1 ? n - 1 - 2 * b : 1)) {
      chosen.push_back(all[i]);
    }
    middle_mean(chosen, b, result);
  }
};

}  // namespace syncline
