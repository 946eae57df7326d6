#include "syncline/plan.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "plan/advice.hpp"
#include "plan/estimate_json.hpp"
#include "plan/fleet_only.hpp"
#include "plan/plan_document.hpp"
#include "plan/what_if.hpp"
#include "plan/words.hpp"
#include "syncline/error.hpp"
#include "syncline/version.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

std::vector<double> step_sizes(const PlanConfig& config, const PlannedWorkload& workload) {
  const double base = workload.run.optimizer.step_size;
  // "both": all that is known. Constants say what other steps would do, a pilot doesn't.
  const bool known = config.measure || !config.constants.empty();
  if (config.race.step_sizes == "same" || !known) return {base};
  if (config.race.step_size_grid.empty()) throw ConfigError("race.step_size_grid is empty");
  std::vector<double> sizes;
  for (const double multiple : config.race.step_size_grid) {
    if (!std::isfinite(multiple) || multiple <= 0) {
      throw ConfigError("race.step_size_grid holds multiples above 0");
    }
    sizes.push_back(multiple * base);
  }
  return sizes;
}

void check(const PlanConfig& config) {
  const OptimizerConfig& optimizer = config.race.run.optimizer;
  if (config.pilots.empty() && optimizer.name != "sgd") {
    throw ConfigError("the planner predicts plain sgd, not '" + optimizer.name +
                      "'; with a pilot run (--pilot) of that optimizer it goes by its curve");
  }
  if (!config.pilots.empty() && config.race.step_sizes == "tuned" && config.constants.empty()) {
    throw ConfigError(
        "a pilot run alone says nothing about other step sizes: add --constants, or "
        "leave --step-sizes as it is");
  }
  if (!config.what_if.empty() && config.timings.empty() && config.pilots.empty()) {
    throw ConfigError("--what-if replays measured times: give --timings or --pilot");
  }
  if (!config.constants.empty() && config.measure) {
    throw ConfigError("--constants and --measure exclude each other");
  }
}

/// K at the start, how often to look, and the rule, for AdaSync on this fleet and workload.
std::optional<std::string> adasync_policy(const std::vector<Forecast>& ranked,
                                          const QuadraticModel& model, const Goal& goal) {
  constexpr double interval_share = 0.05;
  const auto best = std::find_if(ranked.begin(), ranked.end(), [&](const Forecast& forecast) {
    return forecast.candidate.point && std::isfinite(score(forecast, goal));
  });
  if (best == ranked.end()) return std::nullopt;
  const VariantFamily family = best->candidate.point->family;
  const double duration = goal.loss ? best->time->value : goal.time;
  std::uint64_t k0 = 1;
  double least = INFINITY;
  for (const Forecast& forecast : ranked) {
    if (!forecast.candidate.point || forecast.candidate.point->family != family) continue;
    const auto k = static_cast<double>(forecast.candidate.point->k);
    const double cost = forecast.runtime.value * (1 + model.noise_scale() / k);
    if (forecast.runtime.value > 0 && cost < least) {
      least = cost;
      k0 = forecast.candidate.point->k;
    }
  }
  return words("adasync(base=%s, k0=%llu, interval=%.4g, rule=general)", family_name(family),
               static_cast<unsigned long long>(k0), interval_share * duration);
}

/// Plans with a model of the workload.
void plan_with_model(Json& document, const PlanConfig& config, const PlannedFleet& fleet,
                     const PlannedWorkload& workload, const Progress& progress) {
  const Goal goal{workload.target_loss, workload.target_loss ? 0.0 : config.race.run.stop.time,
                  workload.updates};
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet.config, workload.message_bytes));
  RankingSettings settings;
  settings.step_sizes = step_sizes(config, workload);
  settings.simulate = config.simulate;
  settings.extra_policies = {"auto(base=k-async)"};
  auto ranked = rank(*workload.model, theory, goal, settings, progress);
  const Advice advice = choose(ranked, goal);

  const auto sync = std::find_if(ranked.begin(), ranked.end(), [&](const Forecast& forecast) {
    return forecast.candidate.policy == "sync" && forecast.time;
  });
  const double sync_time = sync == ranked.end() ? 0 : sync->time->value;
  document["candidates"] = Json::array();
  for (const Forecast& forecast : ranked) {
    document["candidates"].push_back(
        candidate_json(forecast, goal, workload.message_bytes, sync_time));
  }
  Json& recommendation = document["recommendation"];
  recommendation["policy"] = advice.choice ? Json(advice.choice->candidate.policy) : Json(nullptr);
  recommendation["reason"] = advice.reason;
  recommendation["command"] = nullptr;
  document["hints"] = Json::array();
  document["adasync"] = nullptr;
  if (!advice.choice) return;
  recommendation["step_size"] = advice.choice->candidate.step_size;
  recommendation["time"] = advice.choice->time ? to_json(*advice.choice->time) : Json(nullptr);
  recommendation["command"] = train_command(workload.run, fleet.config, advice.choice->candidate,
                                            advice.choice->time ? advice.choice->time->value : 0);
  document["hints"] = fleet_hints(*advice.choice, *workload.model, fleet.config,
                                  workload.message_bytes, goal, settings, progress);
  if (const auto adasync = adasync_policy(ranked, *workload.model, goal)) {
    document["adasync"] = *adasync;
  }
}

/// Plans where only the fleet is known.
void plan_fleet_only(Json& document, const PlanConfig& config, const PlannedFleet& fleet,
                     const PlannedWorkload& workload) {
  FleetTheory theory(std::make_shared<const FleetTiming>(fleet.config, workload.message_bytes));
  const FleetView view = view_of(theory, workload.run.optimizer.step_size);
  document["candidates"] = Json::array();
  for (const Forecast& forecast : view.points) {
    document["candidates"].push_back(candidate_json(forecast, Goal{}, workload.message_bytes, 0));
  }
  Json& recommendation = document["recommendation"];
  recommendation["policy"] = nullptr;
  recommendation["command"] =
      workload.model ? Json(nullptr) : Json(measure_command(config.race.run));
  recommendation["reason"] = workload.gap;
  document["hints"] = link_hints(fleet.config, workload.message_bytes);
  document["adasync"] = nullptr;
  if (!view.sync_is_best) return;
  const Candidate sync{"sync", view.points.front().candidate.point,
                       workload.run.optimizer.step_size};
  recommendation["policy"] = sync.policy;
  recommendation["step_size"] = sync.step_size;
  recommendation["command"] = train_command(workload.run, fleet.config, sync, 0);
  recommendation["reason"] =
      "Plain sync is best whatever the workload: no other policy has a shorter update for the same "
      "staleness, nor more gradients per unit of time.";
}

}  // namespace

nlohmann::ordered_json plan(const PlanConfig& config, const Progress& progress) {
  check(config);
  const PlannedFleet fleet = planned_fleet(config);
  for (const std::string& policy : config.what_if) check_replayed(policy, fleet);
  const PlannedWorkload workload = planned_workload(config, progress);
  const StopConfig& stop = config.race.run.stop;

  Json document;
  document["schema"] = 1;
  document["kind"] = "plan";
  document["title"] = "plan";
  document["version"] = version;
  document["command"] = "";
  document["fleet"] = fleet_json(fleet);
  document["workload"] = workload_json(workload);
  document["target"] = {{"metric", stop.metric},
                        {"value", stop.target > 0 ? Json(stop.target) : Json(nullptr)},
                        {"time", stop.time > 0 ? Json(stop.time) : Json(nullptr)}};
  document["simulated"] = config.simulate;
  if (workload.gap.empty()) {
    plan_with_model(document, config, fleet, workload, progress);
  } else {
    plan_fleet_only(document, config, fleet, workload);
  }
  document["what_if"] =
      config.what_if.empty() ? Json::array() : what_if(config.what_if, fleet, config.race.run.seed);
  document["interrupted"] = progress.stop();
  return document;
}

}  // namespace syncline
