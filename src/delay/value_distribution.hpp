#pragma once

#include <cstddef>
#include <vector>

namespace syncline {

/// The distribution that gives each of n given values the chance 1/n. Immutable.
class ValueDistribution {
 public:
  /// REQUIRES: at least one value, all positive and finite (the readers of value_file.hpp see to
  /// it).
  explicit ValueDistribution(std::vector<double> values);

  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance() const { return variance_; }  ///< of the distribution: over n
  [[nodiscard]] double cdf(double x) const;                    ///< share of the values <= x
  [[nodiscard]] double survival(double x) const;               ///< share of the values > x
  [[nodiscard]] double quantile(double p) const;               ///< the smallest value with cdf >= p

  [[nodiscard]] std::size_t size() const { return sorted_.size(); }
  [[nodiscard]] double value(std::size_t rank) const { return sorted_[rank]; }  ///< ascending

 private:
  [[nodiscard]] std::size_t count_up_to(double x) const;

  std::vector<double> sorted_;
  double mean_ = 0;
  double variance_ = 0;
};

}  // namespace syncline
