#include <nlohmann/json.hpp>

#include "syncline/fit.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

// Infinity and NaN become null: JSON has neither, and nlohmann::json writes them so.

Json to_json(const std::vector<std::pair<double, double>>& points) {
  Json list = Json::array();
  for (const auto& [x, y] : points) list.push_back({x, y});
  return list;
}

Json to_json(const LawFit& law) {
  Json parameters = Json::object();
  for (const auto& parameter : law.parameters) {
    parameters[parameter.name] = {
        {"value", parameter.value}, {"lower", parameter.lower}, {"upper", parameter.upper}};
  }
  return {{"law", law.law}, {"log_likelihood", law.log_likelihood},
          {"aic", law.aic}, {"bic", law.bic},
          {"ks", law.ks},   {"parameters", parameters}};
}

Json to_json(const GroupFit& group) {
  Json laws = Json::array();
  for (const auto& law : group.laws) laws.push_back(to_json(law));
  return {{"jobs", group.jobs},
          {"censored", group.censored},
          {"mean", group.mean},
          {"median", group.median ? Json(*group.median) : Json()},
          {"refusal", group.refusal ? Json(*group.refusal) : Json()},
          {"laws", laws},
          {"qq", to_json(group.qq)},
          {"survival", to_json(group.survival)}};
}

Json to_json(const WorkerFit& worker) {
  return {{"worker", worker.worker},
          {"slowdown", worker.slowdown},
          {"straggler", worker.straggler},
          {"behaviour", worker.behaviour},
          {"drift", {{"p_value", worker.drift.p_value}, {"factor", worker.drift.factor}}},
          {"burst_p_value", worker.burst_p_value},
          {"fit", to_json(worker.fit)}};
}

Json to_json(const std::optional<SlowStates>& slow) {
  if (!slow) return nullptr;
  return {{"workers", slow->workers},     {"mean_normal", slow->mean_normal},
          {"mean_slow", slow->mean_slow}, {"factor", slow->factor},
          {"slowness", slow->slowness},   {"delay", slow->delay}};
}

Json to_json(const std::optional<TailIndex>& tail) {
  if (!tail) return nullptr;
  return {{"value", tail->value},
          {"lower", tail->lower},
          {"upper", tail->upper},
          {"longest", tail->longest}};
}

}  // namespace

Json to_json(const FleetFit& fit) {
  Json groups = Json::array();
  for (const auto& group : fit.groups) {
    groups.push_back({{"workers", group.workers}, {"law", group.law}, {"fit", to_json(group.fit)}});
  }
  Json workers = Json::array();
  for (const auto& worker : fit.workers) workers.push_back(to_json(worker));
  return {{"kind", "fit"},
          {"schema", schema},
          {"profile", fit.profile},
          {"alike", fit.alike},
          {"alike_p_value", fit.alike_p_value},
          {"findings", fit.findings},
          {"warnings", fit.warnings},
          {"pooled", to_json(fit.pooled)},
          {"groups", groups},
          {"tail", to_json(fit.tail)},
          {"slow_states", to_json(fit.slow_states)},
          {"workers", workers}};
}

}  // namespace syncline
