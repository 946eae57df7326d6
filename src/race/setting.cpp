#include "race/setting.hpp"

#include <algorithm>
#include <cmath>

#include "syncline/error.hpp"

namespace syncline {
namespace {

RunConfig run_config(const RaceConfig& config, const PolicyChoice& choice, std::uint64_t seed,
                     double interval) {
  RunConfig run = config.run;
  run.policy = choice.policy;
  run.optimizer.step_size = choice.step_size;
  run.seed = seed;
  run.stop.evaluate_every = interval;
  return run;
}

void mark_targets(std::vector<RunResult>& runs, const StopConfig& stop) {
  for (RunResult& run : runs) {
    run.target_time = time_to_target(run.points, stop.metric, stop.target);
  }
}

/// Races run to their end whether or not the target was reached, so that final errors compare.
RaceConfig without_stop(RaceConfig config) {
  config.run.stop.target = 0;
  return config;
}

Entrant run_seeds(RunQueue& queue, const RaceConfig& config, const PolicyChoice& choice,
                  double interval) {
  std::vector<RunConfig> runs;
  for (std::uint64_t i = 0; i < config.seeds; ++i) {
    runs.push_back(run_config(without_stop(config), choice, config.run.seed + i, interval));
  }
  Entrant entrant = queue.run(runs, true);
  std::erase_if(entrant, [](const RunResult& run) { return run.policy.empty(); });
  mark_targets(entrant, config.run.stop);
  return entrant;
}

/// How often the grid is made finer; each time by up to ten times.
constexpr int most_refinements = 4;

/// A target that the untrained model meets would make the grid finer without end.
void refuse_met_target(const Entrant& sync, const StopConfig& stop) {
  for (const RunResult& run : sync) {
    if (run.points.empty()) continue;
    if (metric_value(run.points.front().metrics, stop.metric) > stop.target) continue;
    throw ConfigError("stop.target is met before any training (seed " + std::to_string(run.seed) +
                      "): choose a lower one");
  }
}

std::optional<double> fewest_points_before(const Entrant& entrant, double interval) {
  const auto times = target_times(entrant);
  if (!times) return std::nullopt;
  return std::floor(*std::min_element(times->begin(), times->end()) / interval);
}

}  // namespace

SettingResult run_setting(RunQueue& queue, const RaceConfig& config,
                          const std::vector<PolicyChoice>& choices) {
  SettingResult result;
  const StopConfig& stop = config.run.stop;
  result.grid_interval = stop.evaluate_every > 0 ? stop.evaluate_every : stop.time / 100;
  for (int refinements = 0;; ++refinements) {
    Entrant sync = run_seeds(queue, config, choices.front(), result.grid_interval);
    result.points_before_sync_target = fewest_points_before(sync, result.grid_interval);
    const auto points = result.points_before_sync_target;
    refuse_met_target(sync, stop);
    const bool interrupted = sync.size() < config.seeds ||
                             std::any_of(sync.begin(), sync.end(), [](const RunResult& run) {
                               return run.outcome == Outcome::interrupted;
                             });
    if (interrupted || !points || *points >= fewest_points || refinements == most_refinements) {
      result.entrants.push_back(std::move(sync));
      break;
    }
    // A little finer than just enough; a target that is reached at once gives no measure.
    result.grid_interval *= std::clamp((*points - 2) / (fewest_points + 10), 0.1, 0.8);
  }
  std::vector<RunConfig> runs;
  for (std::size_t i = 1; i < choices.size(); ++i) {
    for (std::uint64_t seed = 0; seed < config.seeds; ++seed) {
      runs.push_back(run_config(without_stop(config), choices[i], config.run.seed + seed,
                                result.grid_interval));
    }
  }
  std::vector<RunResult> all = queue.run(runs, true);
  mark_targets(all, stop);
  for (std::size_t i = 1; i < choices.size(); ++i) {
    Entrant entrant;
    for (std::uint64_t seed = 0; seed < config.seeds; ++seed) {
      RunResult& run = all[(i - 1) * config.seeds + seed];
      if (!run.policy.empty()) entrant.push_back(std::move(run));
    }
    result.entrants.push_back(std::move(entrant));
  }
  return result;
}

std::size_t setting_runs(const RaceConfig& config) { return config.policies.size() * config.seeds; }

std::size_t tuning_runs(const RaceConfig& config) {
  return config.policies.size() * config.step_size_grid.size() * config.tuning_seeds;
}

}  // namespace syncline
