#pragma once

#include "study.hpp"

namespace syncline::repro {

/// What BRIDGE's experiment bears out; only claims whose parts have been computed.
[[nodiscard]] std::vector<Claim> bridge_claims(const Results& results);

}  // namespace syncline::repro
