#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace syncline {

/// The payloads that a slot holds, on their way to one vector. "Mean" is a running weighted sum,
/// one vector whatever K is: with weights 1/K, the mean.
template <class Real>
class MeanAggregator {
 public:
  explicit MeanAggregator(std::size_t size) : sum_(size) {}

  void add(double weight, std::span<const Real> payload) {
    const auto factor = static_cast<Real>(weight);
    if (empty()) {
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] = factor * payload[i];
    } else {
      for (std::size_t i = 0; i < sum_.size(); ++i) sum_[i] += factor * payload[i];
    }
    weight_ += weight;
    ++count_;
  }

  void clear() {
    weight_ = 0;
    count_ = 0;
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Sum of the weights, by which statistics (not gradients) are normalised.
  [[nodiscard]] double weight() const { return weight_; }
  [[nodiscard]] std::span<Real> sum() { return sum_; }

  // For checkpoints.
  [[nodiscard]] std::vector<Real>& vector() { return sum_; }
  void restore(double weight, std::size_t count) {
    weight_ = weight;
    count_ = count;
  }

 private:
  std::vector<Real> sum_;
  double weight_ = 0;
  std::size_t count_ = 0;
};

}  // namespace syncline
