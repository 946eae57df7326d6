#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "server/aggregators/distances.hpp"

namespace syncline {

/// Smoothed Weiszfeld steps from the mean towards the point with the least sum of distances, RFA
/// (Pillutla, Kakade, Harchaoui, arXiv 1912.13445):
///   z <- sum_i w_i v_i / sum_i w_i  with  w_i = 1 / max(smoothing, ||z - v_i||).
/// Distances are those of the gradients; the weights go for the statistics too.
template <class Real>
class GeometricMedian final : public PayloadSet<Real> {
 public:
  GeometricMedian(const Arguments& arguments, const AggregatorShape& shape)
      : PayloadSet<Real>(shape),
        iterations_(arguments.at_least_one("iterations")),
        smoothing_(arguments.positive("smoothing")) {}

 protected:
  // z is made block by block in the pass that measures the distances to it: it is never stored, and
  // a step reads each payload once.
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    const std::size_t n = payloads.size();
    std::vector<double> weights(n, 1.0 / static_cast<double>(n));
    std::vector<Real> centre(sum_block);
    for (std::uint64_t t = 0; t < iterations_; ++t) {
      std::vector<double> distances(n, 0.0);
      each_block(this->shape().dimension, [&](std::size_t begin, std::size_t size) {
        weighted_sum(payloads, weights, begin, std::span<Real>(centre).first(size));
        for (std::size_t i = 0; i < n; ++i) {
          distances[i] += block_distance(payloads[i].data() + begin, centre.data(), size);
        }
      });
      for (std::size_t i = 0; i < n; ++i) {
        weights[i] = 1 / std::max(smoothing_, std::sqrt(distances[i]));
      }
      normalise(weights);
    }
    weighted_sums(payloads, weights, 0, result);
  }

 private:
  std::uint64_t iterations_;
  double smoothing_;
};

}  // namespace syncline
