#pragma once

#include <string>

#include "syncline/fit.hpp"

namespace syncline {

/// What `syncline fit` prints for people: the laws, a line per worker, the findings and the fleet.
[[nodiscard]] std::string fit_table(const FleetFit& fit, bool colour);

}  // namespace syncline
