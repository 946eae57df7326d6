#pragma once

#include <functional>
#include <span>

#include "theory/law_view.hpp"

namespace syncline {

/// An integral and how far it may be off.
struct Integral {
  double value = 0;
  double error = 0;
};

/// The integral over all t > `from` of a function of t that never increases and that depends on t
/// through the cumulative distributions of the groups: means of order statistics and the like.
/// Adaptive Gauss-Kronrod quadrature on a log scale between quantiles of the laws; jumps are met
/// exactly where all laws are step functions. `tail_exponent` is b of g ~ t^-b, which closes a
/// heavy tail; REQUIRES: b > 1, or +infinity.
[[nodiscard]] Integral integrate_decreasing(const Groups& groups, double from, double tail_exponent,
                                            const std::function<double(double)>& g);

/// The integral of a function that never increases, from the first to the last of these ascending
/// points > 0, to an absolute error of about `allowed` for each piece.
[[nodiscard]] Integral integrate_between(std::span<const double> points,
                                         const std::function<double(double)>& g, double allowed);

}  // namespace syncline
