#pragma once

#include <optional>
#include <vector>

namespace syncline {

/// A mean with its 95 % confidence interval.
struct Interval {
  double mean = 0;
  double lower = 0;
  double upper = 0;
};

/// Student's interval for the mean of paired values; nullopt for fewer than two.
[[nodiscard]] std::optional<Interval> mean_interval(const std::vector<double>& values);

/// How many times faster `fast` is than `slow`, seed by seed: the geometric mean of slow / fast
/// with its interval (a paired t interval of the logarithms). Both hold positive times of the same
/// seeds.
[[nodiscard]] std::optional<Interval> speed_up(const std::vector<double>& slow,
                                               const std::vector<double>& fast);

}  // namespace syncline
