#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "race/run_queue.hpp"
#include "race/verdict.hpp"
#include "syncline/config.hpp"

namespace syncline {

/// A policy with the step size that it runs with.
struct PolicyChoice {
  std::string policy;
  double step_size = 0;
};

/// One race: all policies, all seeds, with given step sizes, on one grid of virtual time.
struct SettingResult {
  std::vector<Entrant> entrants;  ///< in the order of the choices
  double grid_interval = 0;
  std::optional<double> points_before_sync_target;  ///< fewest over the seeds
};

/// Fewest evaluations before sync reaches the target.
inline constexpr double fewest_points = 50;

/// Runs it. The grid is made finer until sync is evaluated at least `fewest_points` times before it
/// reaches the target on every seed; `choices` must contain sync first.
[[nodiscard]] SettingResult run_setting(RunQueue& queue, const RaceConfig& config,
                                        const std::vector<PolicyChoice>& choices);

/// The best step size of each policy: every one tries the same grid (multiples of the configured
/// step size) on the tuning seeds; the smallest mean time to target wins, or the smallest final
/// metric where none reaches it. `report` receives what was tried.
[[nodiscard]] std::vector<PolicyChoice> tune(RunQueue& queue, const RaceConfig& config,
                                             nlohmann::ordered_json& report);

/// How many runs each of the two makes, for the progress bar.
[[nodiscard]] std::size_t setting_runs(const RaceConfig& config);
[[nodiscard]] std::size_t tuning_runs(const RaceConfig& config);

}  // namespace syncline
