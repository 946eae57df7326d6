#pragma once

#include <vector>

#include "chaos/fault_plan.hpp"
#include "syncline/random.hpp"

namespace syncline {

/// A kind, by the weights of the table. `kinds`: at least one.
[[nodiscard]] FaultKind draw_fault_kind(const std::vector<FaultKind>& kinds, DrawStream& draws);

/// Who is struck, for how long, and all else that any kind may need: each number in its own place,
/// so that a draw does not depend on the kind.
[[nodiscard]] PlannedFault draw_fault(FaultKind kind, const FaultPlanSettings& settings,
                                      DrawStream& draws);

}  // namespace syncline
