#include "law_map_chapter.hpp"
#include "law_map_race.hpp"
#include "law_map_theory.hpp"
#include "studies.hpp"
#include "trace/config_json.hpp"

namespace syncline::repro {
namespace {

using namespace law_map;

std::vector<const Row*> rows_of(Scale scale) {
  if (scale == Scale::quick) {
    return {&row_named("exponential"), &row_named("weibull-0.7"), &row_named("gamma-25")};
  }
  std::vector<const Row*> all;
  for (const Row& row : rows()) all.push_back(&row);
  return all;
}

/// Whole columns, those in the middle first.
std::vector<std::uint32_t> columns_of(Scale scale) {
  if (scale == Scale::quick) return {8};
  return {8, 16, 4, 32};
}

std::vector<Part> parts(Scale scale) {
  const Rules raced = rules(scale);
  std::vector<Part> result;
  for (const std::uint32_t workers : columns_of(scale)) {
    for (const Row* row : rows_of(scale)) {
      const FleetConfig fleet = row->fleet(workers);
      RunConfig run = workload();
      run.fleet = fleet;
      Json settings = to_json(run);
      settings.erase("run");  // policy and seed: all of them
      settings["seeds"] = raced.seeds;
      settings["tuning_seeds"] = raced.tuning_seeds;
      settings["steps"] = raced.steps;
      result.push_back(
          {cell_name(*row, workers), std::move(settings),
           [=](const Progress& progress) { return race_cell(fleet, raced, progress); }});
    }
  }
  return result;
}

Json compute(Scale scale, const Progress& progress) {
  return predict_cells(rows_of(scale), columns_of(scale), progress);
}

}  // namespace

Study beyond_law_map() {
  return {.id = "beyond-law-map",
          .title = "Beyond the paper: who wins under which delay law",
          .original = original_text(),
          .settings = settings_text(),
          .seeds = "1 to 8; tuning 1000001 to 1000003; the planner's pilot 77",
          .parts = parts,
          .compute = compute,
          .chapter = law_map::chapter};
}

}  // namespace syncline::repro
