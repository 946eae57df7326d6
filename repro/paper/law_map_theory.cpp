#include "law_map_theory.hpp"

#include <filesystem>
#include <memory>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "law_map_race.hpp"
#include "plan/candidate.hpp"
#include "plan/forecast.hpp"
#include "plan/workload_source.hpp"
#include "record.hpp"
#include "syncline/error.hpp"
#include "syncline/measure.hpp"
#include "syncline/simulate.hpp"
#include "syncline/train.hpp"

namespace syncline::repro::law_map {
namespace {

/// Far from the seeds of races and tuning.
constexpr std::uint64_t pilot_seed = 77;
constexpr std::uint64_t pilot_updates = 600;

constexpr std::uint64_t simulated_updates = 20'000;

/// A folder that is gone when the planner has read its files.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("syncline-law-map-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

PlannedWorkload known_workload(const Progress& progress) {
  const Scratch scratch;
  PlanConfig plan;
  plan.race.run = workload();
  RunConfig pilot = workload();
  pilot.seed = pilot_seed;
  plan.constants = scratch.file("constants.json");
  write_file_atomically(plan.constants,
                        {to_json(measure(pilot, MeasureSettings(), progress)).dump()});
  pilot.policy = "sync";
  pilot.stop.target = 0;
  pilot.stop.updates = pilot_updates;
  pilot.log = scratch.file("sync.jsonl");
  static_cast<void>(train(pilot, progress));
  plan.pilots = {pilot.log};
  PlannedWorkload planned = planned_workload(plan, progress);
  if (!planned.gap.empty()) throw DataError("no prediction can be made: " + planned.gap);
  return planned;
}

/// Time per update on the virtual machines themselves, without gradients.
double simulated_runtime(const FleetConfig& fleet, const std::string& policy) {
  SimulationConfig config;
  config.policy = policy;
  config.fleet = fleet;
  config.updates = simulated_updates;
  config.message_bytes = static_cast<std::uint64_t>(message_bytes);
  return simulate(config, Progress()).at("runtime_per_update").at("mean");
}

Json predict(const FleetConfig& fleet, const PlannedWorkload& workload) {
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet, message_bytes));
  Goal goal;
  goal.loss = workload.target_loss;
  Json entries = Json::array();
  for (const VariantPoint& point : candidates(fleet.workers)) {
    const PointTheory& known = theory.at(point);
    Json entry = {{"policy", policy_text(point, fleet.workers)},
                  {"k", point.k},
                  {"staleness", rounded(known.mean_staleness)},
                  {"runtime", rounded(known.runtime.value)},
                  {"kind", kind_name(known.runtime.kind)}};
    entry["simulated"] = rounded(simulated_runtime(fleet, entry["policy"]));
    entry["planner"] = Json::array();
    for (const double step : predicted_steps()) {
      const Forecast forecast =
          forecast_by_theory({entry["policy"], point, step}, *workload.model, theory, goal);
      entry["planner"].push_back(forecast.time ? rounded(forecast.time->value) : Json(nullptr));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace

const std::vector<double>& predicted_steps() {
  static const std::vector<double> steps = {0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16};
  return steps;
}

Json predict_cells(const std::vector<const Row*>& rows, const std::vector<std::uint32_t>& columns,
                   const Progress& progress) {
  const PlannedWorkload workload = known_workload(progress);
  Json cells;
  for (const Row* row : rows) {
    for (const std::uint32_t workers : columns) {
      if (progress.stop()) return cells;
      cells[cell_name(*row, workers)] = predict(row->fleet(workers), workload);
    }
  }
  return cells;
}

}  // namespace syncline::repro::law_map
