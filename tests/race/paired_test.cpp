#include "race/paired.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace syncline {
namespace {

TEST_CASE("mean_interval of five values is Student's interval") {
  const auto interval = mean_interval({1, 2, 3, 4, 5});
  REQUIRE(interval.has_value());
  // t(0.975, 4 degrees of freedom) = 2.7764451052, standard error sqrt(2.5 / 5).
  const double half = 2.7764451052 * std::sqrt(0.5);
  CHECK(interval->mean == doctest::Approx(3));
  CHECK(interval->lower == doctest::Approx(3 - half).epsilon(1e-9));
  CHECK(interval->upper == doctest::Approx(3 + half).epsilon(1e-9));
}

TEST_CASE("mean_interval of fewer than two values is none") {
  CHECK_FALSE(mean_interval({}).has_value());
  CHECK_FALSE(mean_interval({1}).has_value());
}

TEST_CASE("speed_up of times that are twice as long on every seed is exactly two") {
  const auto factor = speed_up({2, 4, 6}, {1, 2, 3});
  REQUIRE(factor.has_value());
  CHECK(factor->mean == doctest::Approx(2));
  CHECK(factor->lower == doctest::Approx(2));
  CHECK(factor->upper == doctest::Approx(2));
}

TEST_CASE("speed_up is the inverse of the speed-up the other way round") {
  const auto there = speed_up({3, 5, 4}, {2, 2, 3});
  const auto back = speed_up({2, 2, 3}, {3, 5, 4});
  CHECK(there->mean * back->mean == doctest::Approx(1));
  CHECK(there->lower * back->upper == doctest::Approx(1));
}

}  // namespace
}  // namespace syncline
