#pragma once

#include <vector>

#include "study.hpp"

namespace syncline::repro::fig07 {

/// What Figure 7 and its theorems say, held to the stored results.
[[nodiscard]] std::vector<Claim> claims(const Json& computed);

/// The error in training at the end: the mean over the last third of the time.
[[nodiscard]] double trained_floor(const Json& computed, std::size_t place);

}  // namespace syncline::repro::fig07
