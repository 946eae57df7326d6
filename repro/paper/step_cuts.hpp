#pragma once

#include "study.hpp"

namespace syncline::repro {

/// How far the weights moved between the read of a gradient and its use, over a run of this
/// configuration:
///   {"distance": median of ||w_now - w_read||^2,
///    "cut": share of the gradients for which it is above `limit`,
///    "factor": mean of min(1, limit / ||w_now - w_read||^2)}
/// With `limit` = C / eta_max these are how often and by how much the rule staleness(C) cuts the
/// step.
[[nodiscard]] Json step_cuts(const RunConfig& config, double limit, const Progress& progress);

}  // namespace syncline::repro
