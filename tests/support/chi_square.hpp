#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>

#include <boost/math/distributions/chi_squared.hpp>

namespace syncline::testing {

/// Below this chance a goodness-of-fit test fails: that of 4.5 standard errors, both sides.
inline constexpr double least_chance = 7e-6;

/// Pearson's test: the chance of counts at least this far from the expected ones, all of which
/// should be 5 or more.
inline double chi_square_chance(std::span<const double> observed,
                                std::span<const double> expected) {
  if (observed.size() != expected.size() || observed.size() < 2) {
    throw std::invalid_argument("chi-square needs two or more cells on both sides");
  }
  double statistic = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
  }
  const boost::math::chi_squared law(static_cast<double>(observed.size() - 1));
  return boost::math::cdf(boost::math::complement(law, statistic));
}

}  // namespace syncline::testing
