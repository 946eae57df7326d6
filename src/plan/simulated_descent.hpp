#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fleet/virtual/fleet_timing.hpp"
#include "plan/quadratic_model.hpp"

namespace syncline {

/// When a simulated descent ends: at the target, or at the first limit.
struct DescentLimits {
  std::optional<double> target;  ///< loss
  double time = 0;               ///< virtual; 0: none
  std::uint64_t updates = 0;     ///< must be set
};

/// One run of one policy on the model.
struct DescentResult {
  std::optional<double> target_time;  ///< when the loss is first at or below the target
  double final_loss = 0;
  bool diverged = false;
  std::uint64_t updates = 0;
  std::uint64_t gradients = 0;  ///< applied
  double elapsed = 0;
  double runtime_per_update = 0;  ///< over the whole run, start-up included
  double mean_staleness = 0;
  double fresh_fraction = 0;
  double idle_fraction = 0;
  double cancelled_time_fraction = 0;
  std::uint64_t pushes = 0;                      ///< payloads that came to the server
  std::vector<std::pair<double, double>> curve;  ///< (time, loss), thinned
  std::vector<std::pair<double, double>> k;      ///< (time, K) where the policy changes it
};

/// Runs any policy with plain SGD on a quadratic model in the virtual fleet: the host, the clock
/// and the policy are those of `train`, the gradients those of the model. A function of its
/// arguments.
[[nodiscard]] DescentResult simulate_descent(const QuadraticModel& model, const std::string& policy,
                                             double step_size,
                                             const std::shared_ptr<const FleetTiming>& timing,
                                             std::uint64_t seed, const DescentLimits& limits);

}  // namespace syncline
