#pragma once

#include <vector>

#include "study.hpp"

namespace syncline::repro::fig06 {

/// What Figure 6 says and how its curves were made, held to the stored results.
[[nodiscard]] std::vector<Claim> claims(const Results& results);

}  // namespace syncline::repro::fig06
