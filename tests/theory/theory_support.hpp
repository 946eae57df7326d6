#pragma once

#include <string>

#include <doctest/doctest.h>

#include "syncline/theory.hpp"

namespace syncline::testing {

/// The point of a policy that has one.
inline VariantPoint point(const std::string& policy, std::uint32_t workers) {
  const auto found = variant_point(policy, workers);
  REQUIRE(found.has_value());
  return *found;
}

/// A theory's answer for `k-sync(k=4)` and `4*exponential(rate=1),...`.
inline Estimate runtime_of(const std::string& policy, const std::string& delay,
                           std::uint32_t workers) {
  return runtime_per_update(point(policy, workers), DelayProfile::parse(delay, workers));
}

}  // namespace syncline::testing
