#pragma once

#include "fleet/virtual/fleet_timing.hpp"
#include "syncline/theory.hpp"

namespace syncline {

/// `bare`, the time per update without communication, with what communication adds to it: messages
/// and restarts lengthen each job, and the server's link takes one push after the other, which
/// bounds the time per update from below: it carries what is applied and, where jobs are cancelled,
/// also what had come to the link by then. `approximation` wherever any of that is on.
[[nodiscard]] Estimate update_time(const VariantPoint& point, const FleetTiming& timing,
                                   const Estimate& bare);

/// Pushes that the server's shared link carries in an update that lasts `duration`, on average:
/// those that are applied, and those of cancelled jobs, which keep their turn.
[[nodiscard]] double pushes_per_update(const VariantPoint& point, const FleetTiming& timing,
                                       double duration);

}  // namespace syncline
