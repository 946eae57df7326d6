#pragma once

#include <span>

namespace syncline {

/// Where the final loss of one more undisturbed run would lie.
struct LossBand {
  double mean = 0;
  double lower = 0;
  double upper = 0;
  [[nodiscard]] bool holds(double loss) const { return loss >= lower && loss <= upper; }
};

/// The prediction interval of one further value of a normal law: mean -+ t s sqrt(1 + 1/M), t the
/// quantile of Student's law with M - 1 degrees of freedom (Hahn, Meeker, Statistical Intervals,
/// section 4.7). `losses`: at least two. `confidence`: 0..1.
[[nodiscard]] LossBand loss_band(std::span<const double> losses, double confidence);

}  // namespace syncline
