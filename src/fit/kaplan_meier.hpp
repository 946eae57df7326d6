#pragma once

#include <utility>
#include <vector>

#include "fit/sample.hpp"

namespace syncline {

/// The distribution of durations without a law, censored jobs used as "longer than": the
/// product-limit estimate (Kaplan and Meier, JASA 53, 1958). Without censoring it is the empirical
/// distribution. Times in seconds.
class KaplanMeier {
 public:
  /// The survival just after `time`, at one complete job or several equal ones.
  struct Step {
    double time = 0;
    double survival = 1;
  };

  explicit KaplanMeier(const Sample& sample);

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  /// The largest probability that has a quantile; below 1 if the longest job was cancelled.
  [[nodiscard]] double reach() const { return steps_.empty() ? 0 : 1 - steps_.back().survival; }
  /// The smallest time with P(X <= time) >= p. REQUIRES: 0 < p <= reach().
  [[nodiscard]] double quantile(double p) const;
  /// The mean of min(X, longest time seen).
  [[nodiscard]] double restricted_mean() const;
  /// At most `most` points (time, survival): half of them spread evenly over the steps, the others
  /// over the logarithm of the survival, so that the tail is visible. REQUIRES: most >= 2.
  [[nodiscard]] std::vector<std::pair<double, double>> curve(std::size_t most) const;

 private:
  std::vector<Step> steps_;
  double longest_ = 0;
};

}  // namespace syncline
