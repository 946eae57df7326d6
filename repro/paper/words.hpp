#pragma once

#include <string>

#include "base/summary.hpp"

namespace syncline::repro {

/// A number as people read it: "0.634", "71.96", "15,953" without the comma; `digits` significant.
[[nodiscard]] std::string number(double value, int digits = 4);

/// "35.2 %"
[[nodiscard]] std::string percent(double fraction, int places = 1);

/// "41.3 ± 0.9": the error with two digits, the mean with as many places.
[[nodiscard]] std::string with_error(const Summary& summary);

}  // namespace syncline::repro
