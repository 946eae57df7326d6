#include <nlohmann/json.hpp>

#include "plan/prediction.hpp"
#include "syncline/error.hpp"
#include "syncline/error_bound.hpp"
#include "syncline/optimal_time.hpp"

namespace syncline {
namespace {

ErrorConstants constants_of(const PredictConfig& config, double p0) {
  const ProblemFacts& problem = config.problem;
  ErrorConstants constants;
  constants.step_size = config.step_size;
  constants.smoothness = problem.smoothness;
  constants.convexity = problem.convexity;
  constants.sigma2 = problem.sigma2;
  constants.m_g = problem.m_g;
  constants.batch = static_cast<double>(config.batch);
  constants.initial_gap = problem.initial_gap;
  constants.gamma = problem.gamma;
  constants.p0 = problem.p0 > 0 ? problem.p0 : p0;
  if (problem.compensation > 0) constants.compensation = problem.compensation;
  return constants;
}

nlohmann::ordered_json json_of(const OptimalTime& optimum) {
  return {{"workers", optimum.workers}, {"time", optimum.time}};
}

}  // namespace

nlohmann::ordered_json predicted_error(const VariantPoint& point, const PredictConfig& config,
                                       double runtime, double p0) {
  if (config.problem.smoothness == 0) return nullptr;
  const ErrorConstants constants = constants_of(config, p0);
  nlohmann::ordered_json result;
  result["measure"] = constants.convexity > 0 ? "F(w) - F*" : "mean ||grad F||^2 so far";
  result["step_size_limit"] = step_size_limit(point.family, point.k, constants);
  ErrorBound bound;
  try {
    bound = error_bound(point.family, point.k, constants);
  } catch (const ConfigError& error) {
    result["holds"] = false;
    result["reason"] = error.what();
    return result;
  }
  result["holds"] = true;
  result["source"] = bound.source;
  result["floor"] = bound.floor;
  result["rate_per_update"] = bound.rate;
  result["p0_used"] = constants.p0;
  const ErrorCurve curve{bound, runtime};
  auto& at = result["at"] = nlohmann::ordered_json::array();
  for (const double time : config.problem.times) {
    at.push_back({{"time", time}, {"error", curve.at(time)}});
  }
  return result;
}

nlohmann::ordered_json predicted_optimum(const DelayProfile& fleet, const PredictConfig& config) {
  if (config.problem.accuracy == 0) return nullptr;
  std::vector<double> times;
  for (const auto& [count, law] : fleet.groups()) times.insert(times.end(), count, law->mean());
  const double noise = noise_scale(config.problem.sigma2 / static_cast<double>(config.batch),
                                   config.problem.accuracy);
  const OptimalTime best = optimal_time(times, noise);
  const OptimalTime sync = best_sync_time(times, noise);
  return {{"noise_scale", noise},
          {"lower_bound", json_of(best)},
          {"best_sync", json_of(sync)},
          {"ratio", sync.time / best.time}};
}

}  // namespace syncline
