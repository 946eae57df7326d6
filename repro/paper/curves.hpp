#pragma once

#include <optional>
#include <string>
#include <vector>

#include "picture.hpp"
#include "race/paired.hpp"

// From the curves of several seeds to the figures that a page shows.
namespace syncline::repro {

/// The records of the runs called PREFIX-seed-1, PREFIX-seed-2, ..., in the order of their seeds.
[[nodiscard]] std::vector<const Json*> seeds_of(const Results& results, const std::string& prefix);

/// Mean over the runs at each evaluation, with a band of one standard error. `x` and `y` name
/// columns of a curve: time, update, compute, test_error, ... All runs were evaluated at the same
/// instants; the mean ends where the first of them ends. With `of`, the mean of this function of y.
[[nodiscard]] std::vector<Point> mean_curve(const std::vector<const Json*>& runs, const char* x,
                                            const char* y, double (*of)(double) = nullptr);

/// The mean of K over the runs at each of `points` equal steps of time up to `until`. A run in
/// which it never changed says nothing of K: there it is `k0`.
[[nodiscard]] std::vector<Point> mean_k(const std::vector<const Json*>& runs, double k0,
                                        double until, std::size_t points);

/// Area under the curve by trapezia, divided by its length: the metric's mean over time up to
/// `until`.
[[nodiscard]] double mean_over_time(const Json& record, const char* metric, double until);

/// A column of the curve at its last evaluation up to `until`; not a number if there is none.
[[nodiscard]] double last_value(const Json& record, const char* column, double until);

/// When the metric is first at or below the target for good measure: the median of five successive
/// evaluations (docs/concepts.md).
[[nodiscard]] std::optional<double> time_to(const Json& record, const char* metric, double target);

/// One number of each run.
template <class Get>
[[nodiscard]] std::vector<double> each(const std::vector<const Json*>& runs, Get&& get) {
  std::vector<double> values;
  for (const Json* run : runs) values.push_back(get(*run));
  return values;
}

/// a - b seed by seed with its 95 % interval; nullopt for fewer than two seeds.
[[nodiscard]] std::optional<Interval> difference(const std::vector<double>& a,
                                                 const std::vector<double>& b);

}  // namespace syncline::repro
