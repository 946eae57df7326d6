#include "plan/plan_document.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "plan/estimate_json.hpp"
#include "plan/words.hpp"
#include "syncline/spec.hpp"
#include "syncline/workload.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

/// JSON knows no infinity, and the report draws what it finds here.
Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json finite(const Estimate& estimate) {
  Json json = to_json(estimate);
  for (const char* key : {"value", "lower", "upper"}) json[key] = number(json[key].get<double>());
  return json;
}

Json maybe(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string workload_flags(const RunConfig& run) {
  std::string text = " --model " + quoted(run.model.workload);
  if (workloads().find(parse_spec(run.model.workload).name).make.needs_dataset) {
    text += " --data " + quoted(run.model.data);
  }
  return text + " --batch " + std::to_string(run.model.batch);
}

/// What differs from the defaults.
std::string further_flags(const RunConfig& run) {
  const ModelConfig usual;
  std::string text;
  const auto add = [&](const char* flag, const std::string& value, const std::string& other) {
    if (value != other) text += std::string(" ") + flag + " " + quoted(value);
  };
  add("--data-folder", run.model.data_folder, usual.data_folder);
  add("--partition", run.model.partition, usual.partition);
  add("--augmentation", run.model.augmentation, usual.augmentation);
  add("--precision", run.model.precision, usual.precision);
  add("--device", run.model.device, usual.device);
  add("--optimizer", run.optimizer.name, OptimizerConfig{}.name);
  if (run.optimizer.weight_decay > 0) {
    text += words(" --weight-decay %.6g", run.optimizer.weight_decay);
  }
  if (run.optimizer.clip > 0) text += words(" --clip %.6g", run.optimizer.clip);
  return text;
}

}  // namespace

Json fleet_json(const PlannedFleet& fleet) {
  Json json = {{"workers", fleet.config.workers},
               {"delay", fleet.config.delay},
               {"source", fleet.source},
               {"notes", fleet.notes}};
  json["fit"] = fleet.fit ? to_json(*fleet.fit) : Json(nullptr);
  return json;
}

Json workload_json(const PlannedWorkload& workload) {
  Json json = {{"source", workload.source}};
  json["message_bytes"] = workload.message_bytes > 0 ? Json(workload.message_bytes) : Json(nullptr);
  if (workload.model) {
    json["initial_loss"] = workload.model->initial_loss();
    json["floor"] = workload.model->floor;
    json["largest_curvature"] = workload.model->sharpness();
    json["noise_scale"] = workload.model->noise_scale();
  }
  json["target_loss"] = workload.target_loss ? Json(*workload.target_loss) : Json(nullptr);
  json["notes"] = workload.notes;
  return json;
}

Json candidate_json(const Forecast& forecast, const Goal& goal, double message_bytes,
                    double sync_time) {
  const Candidate& candidate = forecast.candidate;
  Json json = {{"policy", candidate.policy}};
  json["family"] = candidate.point ? Json(family_name(candidate.point->family)) : Json(nullptr);
  json["k"] = candidate.point ? Json(candidate.point->k) : Json(nullptr);
  json["step_size"] = candidate.step_size;
  json["stable"] = forecast.stable;
  json["time"] = forecast.time ? finite(*forecast.time) : Json(nullptr);
  json["loss_at_budget"] =
      goal.time > 0 && forecast.stable ? number(forecast.loss_at_budget) : Json(nullptr);
  const bool comparable = forecast.time && sync_time > 0;
  json["speedup_vs_sync"] = comparable ? number(sync_time / forecast.time->value) : Json(nullptr);
  json["updates"] = number(forecast.updates);
  json["gradients"] = number(forecast.gradients);
  json["runtime_per_update"] = finite(forecast.runtime);
  json["error_floor"] = number(forecast.floor);
  json["staleness"] = forecast.staleness;
  json["idle_fraction"] = maybe(forecast.idle_fraction);
  json["cancelled_time_fraction"] = maybe(forecast.cancelled_time_fraction);
  json["link_bytes"] = message_bytes > 0 && forecast.pushes > 0
                           ? number(forecast.pushes * message_bytes)
                           : Json(nullptr);
  json["link_load"] = forecast.link_load;
  json["simulated"] = forecast.simulated;
  if (!forecast.curve.empty()) json["curve"] = forecast.curve;
  return json;
}

std::string train_command(const RunConfig& run, const FleetConfig& fleet, const Candidate& choice,
                          double predicted_time) {
  constexpr double patience = 4;
  std::string text = "syncline train --policy " + quoted(choice.policy) +
                     words(" --step-size %.6g", choice.step_size) + workload_flags(run) +
                     further_flags(run) + " --workers " + std::to_string(fleet.workers) +
                     " --delay " + quoted(fleet.delay);
  if (fleet.slowness != "none") text += " --slowness " + quoted(fleet.slowness);
  if (fleet.latency > 0) text += words(" --latency %.6g", fleet.latency);
  if (fleet.bandwidth > 0) text += words(" --bandwidth %.6g", fleet.bandwidth);
  if (fleet.server_bandwidth > 0) text += words(" --server-bandwidth %.6g", fleet.server_bandwidth);
  if (fleet.restart_cost > 0) text += words(" --restart-cost %.6g", fleet.restart_cost);
  if (run.stop.target > 0) {
    text += " --metric " + run.stop.metric + words(" --target %.6g", run.stop.target);
  }
  const double limit = run.stop.time > 0 ? run.stop.time : patience * predicted_time;
  return limit > 0 ? text + words(" --time %.6g", limit) : text;
}

std::string measure_command(const RunConfig& run) {
  return "syncline measure" + workload_flags(run) + further_flags(run) + " --save constants.json";
}

}  // namespace syncline
