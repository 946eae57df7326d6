#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>

#include "server/aggregators/distances.hpp"
#include "server/transforms/clip.hpp"

namespace syncline {

/// Centred clipping (Karimireddy, He, Jaggi, arXiv 2012.10333): from the last step's result m, at
/// first 0,
///   m <- m + (1/n) sum_i c_i (v_i - m)  with  c_i = min(1, radius / ||v_i - m||).
/// Distances are those of the gradients. The batch-norm statistics, which have no business near 0,
/// become their mean with weights c_i.
template <class Real>
class CentredClipping final : public PayloadSet<Real> {
 public:
  CentredClipping(const Arguments& arguments, const AggregatorShape& shape)
      : PayloadSet<Real>(shape),
        radius_(arguments.positive("radius")),
        iterations_(arguments.at_least_one("iterations")),
        centre_(shape.dimension) {}

 protected:
  void aggregate(const Payloads<Real>& payloads, std::span<Real> result) override {
    std::vector<double> factors;
    for (std::uint64_t t = 0; t < iterations_; ++t) {
      factors = distances_to<Real>(centre_, payloads);
      for (double& factor : factors) factor = clip_factor(std::sqrt(factor), radius_);
      move(payloads, factors);
    }
    std::copy(centre_.begin(), centre_.end(), result.begin());
    normalise(factors);
    weighted_sums(payloads, factors, centre_.size(), result.subspan(centre_.size()));
  }

  [[nodiscard]] std::vector<std::vector<Real>*> remembered() override { return {&centre_}; }

 private:
  void move(const Payloads<Real>& payloads, std::vector<double> factors) {
    for (double& factor : factors) factor /= static_cast<double>(payloads.size());
    const auto kept = static_cast<Real>(1 - std::accumulate(factors.begin(), factors.end(), 0.0));
    std::vector<Real> clipped(sum_block);
    each_block(centre_.size(), [&](std::size_t begin, std::size_t size) {
      weighted_sum(payloads, factors, begin, std::span<Real>(clipped).first(size));
      for (std::size_t j = 0; j < size; ++j) {
        centre_[begin + j] = kept * centre_[begin + j] + clipped[j];
      }
    });
  }

  double radius_;
  std::uint64_t iterations_;
  std::vector<Real> centre_;  ///< the last result
};

}  // namespace syncline
