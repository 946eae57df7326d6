#include "race/score.hpp"

#include "base/summary.hpp"

namespace syncline {

Score score(const std::vector<RunResult>& runs, const StopConfig& stop) {
  std::vector<double> times;
  std::vector<double> finals;
  for (const RunResult& run : runs) {
    if (const auto time = time_to_target(run.points, stop.metric, stop.target)) {
      times.push_back(*time);
    }
    const bool usable = !run.diverged_at && !run.points.empty();
    finals.push_back(usable ? metric_value(run.points.back().metrics, stop.metric) : INFINITY);
  }
  Score result;
  if (!times.empty() && times.size() == runs.size()) result.time = summarise(times).mean;
  result.metric = summarise(finals).mean;
  if (std::isnan(result.metric)) result.metric = INFINITY;
  return result;
}

}  // namespace syncline
