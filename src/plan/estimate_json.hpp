#pragma once

#include <nlohmann/json_fwd.hpp>

#include "syncline/theory.hpp"

namespace syncline {

/// value, kind, source, lower and upper (docs/theory.md). Numbers may be infinite; printed as JSON
/// they are null.
[[nodiscard]] nlohmann::ordered_json to_json(const Estimate& estimate);

}  // namespace syncline
