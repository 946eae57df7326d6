#pragma once

#include "syncline/ageing.hpp"
#include "theory/law_view.hpp"

namespace syncline {

/// What holds for every worker.
[[nodiscard]] AgeingClass ageing_of(const Groups& groups);

}  // namespace syncline
