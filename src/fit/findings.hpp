#pragma once

#include <string>
#include <vector>

#include "syncline/fit.hpp"

namespace syncline {

/// Plain sentences on a fleet whose other fields are complete.
[[nodiscard]] std::vector<std::string> describe(const FleetFit& fit);

/// "3", "3 and 5", "3, 5 and 7"; beyond eight the rest are counted.
[[nodiscard]] std::string list_workers(const std::vector<std::uint32_t>& workers);

/// A number with three digits that count.
[[nodiscard]] std::string short_number(double value);

}  // namespace syncline
