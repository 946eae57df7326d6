#include "step_cuts.hpp"

#include <algorithm>

#include "fleet/training/load_workload.hpp"
#include "fleet/training/training_run.hpp"
#include "record.hpp"
#include "server/kernels.hpp"

namespace syncline::repro {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

Json step_cuts(const RunConfig& config, double limit, const Progress& progress) {
  RunConfig own = config;
  own.stop.evaluate_every = 1e9;  // only the first one
  TrainingRun<float> run(own, load_workload<float>(own.model),
                         std::make_shared<const FleetTiming>(own.fleet, 0.0));
  run.set_final_evaluation(false);
  std::vector<double> distances;
  run.watch_folds([&](const Snapshot<float>& present, const Snapshot<float>& read) {
    distances.push_back(squared_distance<float>(present.state, read.state));
  });
  (void)run.run(progress);
  double cut = 0, factors = 0;
  for (const double distance : distances) {
    cut += distance > limit ? 1 : 0;
    factors += distance > limit ? limit / distance : 1;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, distances.size()));
  return {{"distance", rounded(median(distances))},
          {"cut", rounded(cut / count)},
          {"factor", rounded(factors / count)}};
}

}  // namespace syncline::repro
