#include "plan/workload_source.hpp"

#include "plan/expected_descent.hpp"
#include "plan/pilot.hpp"
#include "plan/words.hpp"
#include "syncline/error.hpp"
#include "syncline/measure.hpp"

namespace syncline {
namespace {

constexpr double bytes_per_parameter = 4;

std::optional<WorkloadConstants> known_constants(const PlanConfig& config,
                                                 const Progress& progress) {
  if (!config.constants.empty()) return read_constants(config.constants);
  if (config.measure) return measure(config.race.run, config.measure_settings, progress);
  return std::nullopt;
}

std::vector<Mode> noise_modes(const std::optional<WorkloadConstants>& constants) {
  std::vector<Mode> modes;
  if (!constants) return modes;
  for (const Mode& mode : model_of(*constants).modes) {
    if (mode.noise > 0) modes.push_back(mode);
  }
  return modes;
}

std::string listed(const std::vector<std::string>& files) {
  std::string text;
  for (const auto& file : files) text += (text.empty() ? "" : ", ") + file;
  return text;
}

std::vector<Pilot> read_pilots(const PlanConfig& config) {
  std::vector<Pilot> pilots;
  for (const std::string& file : config.pilots) {
    pilots.push_back(read_pilot(file, config.race.run.stop.metric));
    const Pilot& first = pilots.front();
    const Pilot& last = pilots.back();
    if (last.step_size != first.step_size) {
      throw ConfigError("the pilots " + listed(config.pilots) +
                        " have different step sizes; the planner compares pilots of one");
    }
    if (last.model.workload != first.model.workload || last.model.data != first.model.data ||
        last.model.batch != first.model.batch || last.optimizer.name != first.optimizer.name) {
      throw ConfigError("the pilots " + listed(config.pilots) +
                        " differ in model, data, batch or optimizer; only the policy may differ");
    }
  }
  return pilots;
}

/// The first pilot says how far descent must go, and the model which loss that is; several say how
/// many updates noise and staleness cost.
void use_pilots(PlannedWorkload& workload, const PlanConfig& config,
                const std::optional<WorkloadConstants>& constants) {
  const StopConfig& stop = config.race.run.stop;
  const std::vector<Pilot> pilots = read_pilots(config);
  const Pilot& first = pilots.front();
  const std::vector<Mode> noise = noise_modes(constants);
  workload.model = model_of(first, noise);
  workload.source = "pilot " + listed(config.pilots);
  RunConfig& run = workload.run;
  const std::string folder = run.model.data_folder;
  const double wanted = run.optimizer.step_size;
  run.model = first.model;
  run.model.data_folder = folder;
  run.optimizer = first.optimizer;
  if (constants) run.optimizer.step_size = wanted;
  if (noise.empty() && pilots.size() == 1) {
    workload.notes.push_back(
        "from one pilot alone, every K is expected to need as many updates as it did: what noise "
        "and staleness cost is not known. Give pilots of two or three policies "
        "(--pilot sync.jsonl,async.jsonl), or --constants");
  }
  if (stop.target <= 0) return;
  std::vector<UpdatesSeen> seen;
  for (const Pilot& pilot : pilots) {
    const auto needed = descent_to(pilot, stop.target);
    if (!needed) {
      workload.gap = "A pilot does not come near the target, a " + stop.metric + " of " +
                     words("%.4g", stop.target) + ": run it longer, or ask for less.";
      return;
    }
    if (needed->extrapolated) {
      workload.notes.push_back("the target lies beyond the end of a pilot: its curve is continued");
    }
    seen.push_back({pilot.k, pilot.mean_staleness, needed->descent / pilot.step_size});
  }
  const ExpectedDescent course(*workload.model, first.step_size, first.k, first.staleness);
  workload.target_loss = course.loss(seen.front().updates);
  if (seen.size() > 1 && seen.front().updates > 0) workload.updates = fit_update_law(seen);
}

}  // namespace

PlannedWorkload planned_workload(const PlanConfig& config, const Progress& progress) {
  PlannedWorkload workload;
  workload.run = config.race.run;
  const auto constants = known_constants(config, progress);
  const StopConfig& stop = config.race.run.stop;
  workload.message_bytes = static_cast<double>(config.message_bytes);
  if (constants && config.message_bytes == 0) {
    workload.message_bytes = bytes_per_parameter * static_cast<double>(constants->dimension);
  }
  if (!config.pilots.empty()) {
    use_pilots(workload, config, constants);
  } else if (constants) {
    workload.model = model_of(*constants);
    workload.source = config.constants.empty() ? "measured now" : "constants " + config.constants;
    workload.run.model.workload = constants->workload;
    if (!constants->data.empty()) workload.run.model.data = constants->data;
    workload.run.model.batch = constants->batch;
    const bool on_test_data = stop.metric == "test_loss" && !constants->data.empty();
    if (stop.target > 0 && (stop.metric.ends_with("_error") || on_test_data)) {
      workload.gap = "Constants say nothing about a " + stop.metric +
                     ": give a pilot run (--pilot), or ask for a train_loss.";
    } else if (stop.target > 0) {
      workload.target_loss = stop.target;
    }
  } else {
    workload.gap =
        "Not enough is known of the workload: measure it, or give the log of a short training run "
        "(--pilot). How many gradients are worth waiting for depends on their noise: with little "
        "noise the fewest, with much the most gradients per unit of time win.";
  }
  if (workload.model && workload.target_loss && *workload.target_loss <= workload.model->floor) {
    workload.gap = "The target is below every loss that was seen or can be inferred (" +
                   words("%.4g", workload.model->floor) + "): ask for less, or measure longer.";
  }
  if (workload.gap.empty() && workload.target_loss &&
      *workload.target_loss >= workload.model->initial_loss()) {
    workload.gap = "The target is met before training starts: ask for more.";
  }
  if (stop.target <= 0 && stop.time <= 0 && workload.gap.empty()) {
    workload.gap = "There is no goal: give --target and --metric, or a time budget with --time.";
  }
  return workload;
}

}  // namespace syncline
