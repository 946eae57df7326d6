#pragma once

#include "syncline/theory.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// runtime_per_update of a fleet by groups.
[[nodiscard]] Estimate variant_runtime(const VariantPoint& point, const Groups& groups);

}  // namespace syncline
