#pragma once

#include <algorithm>

#include "fleet/decentralised/mixing.hpp"
#include "server/aggregators/weighted_sum.hpp"

namespace syncline {

/// (w_j + sum of N_j) / (|N_j| + 1). Where degrees differ, nodes with many neighbours count for
/// more in what the network agrees on.
template <class Real>
class UniformWeights final : public Mixing<Real> {
 public:
  UniformWeights(const Arguments&, const AggregatorShape&, const Topology&) {}

  void mix(WorkerId, std::span<const Real> own, const Payloads<Real>& neighbours,
           std::span<Real> result) const override {
    std::copy(own.begin(), own.end(), result.begin());
    for (const auto& model : neighbours) {
      for (std::size_t i = 0; i < result.size(); ++i) result[i] += model[i];
    }
    const auto count = static_cast<Real>(neighbours.size() + 1);
    for (Real& x : result) x /= count;
  }
};

/// Neighbour i with weight 1 / (1 + max(|N_i|, |N_j|)), the node itself with the rest (Xiao and
/// Boyd, "Fast linear iterations for distributed averaging", 2004): mixing leaves the mean of all
/// models where it is, whatever the degrees.
template <class Real>
class MetropolisWeights final : public Mixing<Real> {
 public:
  MetropolisWeights(const Arguments&, const AggregatorShape&, const Topology& topology) {
    for (WorkerId node = 0; node < topology.nodes(); ++node) {
      std::vector<double> weights;
      double own = 1;
      for (const WorkerId other : topology.neighbours[node]) {
        const std::uint64_t most = std::max(topology.degree(node), topology.degree(other));
        weights.push_back(1 / static_cast<double>(1 + most));
        own -= weights.back();
      }
      weights.push_back(own);
      weights_.push_back(std::move(weights));
    }
  }

  void mix(WorkerId node, std::span<const Real> own, const Payloads<Real>& neighbours,
           std::span<Real> result) const override {
    Payloads<Real> all = neighbours;
    all.push_back(own);
    weighted_sums(all, weights_[node], 0, result);
  }

 private:
  std::vector<std::vector<double>> weights_;  ///< of each node: its neighbours, then itself
};

}  // namespace syncline
