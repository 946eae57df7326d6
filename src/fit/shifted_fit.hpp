#pragma once

#include <utility>
#include <vector>

#include "fit/sample.hpp"

namespace syncline {

/// The fit of a shift plus an exponential time; the Pareto law is the same on logarithms.
struct ShiftedFit {
  double shift = 0;
  double shift_low = 0;  ///< 95 %; the upper end is the estimate itself, the shortest complete job
  double rate = 0;
  double rate_low = 0;
  double rate_high = 0;
  double log_likelihood = 0;
};

/// `events` ascending, with at least two different ones. The likelihood rises with the shift up to
/// the shortest complete job m, so the profile's maximum is m, always above the true shift. Both
/// intervals use pivots that are exact without censoring and for type II censoring (Lawless 2003,
/// section 4.1.2, there for the two-parameter exponential distribution): with T the time above m
/// and d complete jobs, 2 rate T is chi-squared with 2 (d - 1) degrees of freedom, and the time
/// between shift and m, summed over the jobs, over T / (d - 1) is F(2, 2 (d - 1)).
[[nodiscard]] ShiftedFit fit_shift(const std::vector<Weighted>& events,
                                   const std::vector<Weighted>& censored);

/// 95 % interval of a rate after `events` events in `exposure` time: 2 rate exposure is chi-squared
/// with 2 events degrees of freedom. REQUIRES: events > 0.
[[nodiscard]] std::pair<double, double> rate_interval(double events, double exposure);

}  // namespace syncline
