#include <string>

#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/document_members.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

using Kind = MemberKind;
using Null = MemberNull;

constexpr DocumentMembers check("plan document", "write it with `syncline plan --json` (schema 1)");

void check_estimate(const Json& owner, const std::string& path, const char* name) {
  const Json& estimate = owner.at(name);
  if (estimate.is_null()) return;
  check.members(estimate, DocumentMembers::inside(path, name),
                {{"value", Kind::number, Null::allowed},
                 {"kind", Kind::text},
                 {"source", Kind::text},
                 {"lower", Kind::number, Null::allowed},
                 {"upper", Kind::number, Null::allowed}});
}

void check_fleet(const Json& fleet) {
  check.members(fleet, "fleet",
                {{"workers", Kind::number},
                 {"delay", Kind::text},
                 {"source", Kind::text},
                 {"notes", Kind::list},
                 {"fit", Kind::object, Null::allowed}});
  check.texts(fleet.at("notes"), "fleet.notes");
  if (!fleet.at("fit").is_null()) check_fit(fleet.at("fit"));
}

void check_workload(const Json& workload) {
  check.members(workload, "workload",
                {{"source", Kind::text},
                 {"message_bytes", Kind::number, Null::allowed},
                 {"target_loss", Kind::number, Null::allowed},
                 {"notes", Kind::list}});
  check.texts(workload.at("notes"), "workload.notes");
  // Only there if something is known of the workload.
  check.optional(workload, "workload",
                 {{"initial_loss", Kind::number, Null::allowed},
                  {"floor", Kind::number, Null::allowed},
                  {"largest_curvature", Kind::number, Null::allowed},
                  {"noise_scale", Kind::number, Null::allowed}});
}

void check_candidate(const Json& candidate, const std::string& path) {
  check.members(candidate, path,
                {{"policy", Kind::text},
                 {"family", Kind::text, Null::allowed},
                 {"k", Kind::number, Null::allowed},
                 {"step_size", Kind::number},
                 {"stable", Kind::flag},
                 {"time", Kind::object, Null::allowed},
                 {"loss_at_budget", Kind::number, Null::allowed},
                 {"speedup_vs_sync", Kind::number, Null::allowed},
                 {"updates", Kind::number, Null::allowed},
                 {"gradients", Kind::number, Null::allowed},
                 {"runtime_per_update", Kind::object},
                 {"error_floor", Kind::number, Null::allowed},
                 {"staleness", Kind::number, Null::allowed},
                 {"idle_fraction", Kind::number, Null::allowed},
                 {"cancelled_time_fraction", Kind::number, Null::allowed},
                 {"link_bytes", Kind::number, Null::allowed},
                 {"link_load", Kind::number, Null::allowed},
                 {"simulated", Kind::flag}});
  check_estimate(candidate, path, "time");
  check_estimate(candidate, path, "runtime_per_update");
  const auto curve = candidate.find("curve");
  if (curve != candidate.end()) check.points(*curve, path + ".curve");
}

void check_recommendation(const Json& choice) {
  check.members(choice, "recommendation",
                {{"policy", Kind::text, Null::allowed},
                 {"reason", Kind::text},
                 {"command", Kind::text, Null::allowed}});
  check.optional(
      choice, "recommendation",
      {{"step_size", Kind::number, Null::allowed}, {"time", Kind::object, Null::allowed}});
  if (choice.contains("time")) check_estimate(choice, "recommendation", "time");
}

void check_replay(const Json& replay, const std::string& path) {
  check.members(replay, path,
                {{"policy", Kind::text},
                 {"gradients", Kind::number},
                 {"updates", Kind::number},
                 {"time", Kind::number, Null::allowed},
                 {"time_per_update", Kind::number, Null::allowed},
                 {"staleness", Kind::number, Null::allowed},
                 {"idle_fraction", Kind::number, Null::allowed},
                 {"cancelled_time_fraction", Kind::number, Null::allowed},
                 {"recorded_share", Kind::number, Null::allowed}});
}

}  // namespace

void check_plan(const Json& document) {
  check.members(document, "",
                {{"schema", Kind::number},
                 {"kind", Kind::text},
                 {"title", Kind::text},
                 {"version", Kind::text},
                 {"command", Kind::text},
                 {"fleet", Kind::object},
                 {"workload", Kind::object},
                 {"target", Kind::object},
                 {"simulated", Kind::flag},
                 {"candidates", Kind::list},
                 {"recommendation", Kind::object},
                 {"hints", Kind::list},
                 {"adasync", Kind::text, Null::allowed},
                 {"what_if", Kind::list},
                 {"interrupted", Kind::flag}});
  if (document.at("kind") != "plan") check.reject("kind", "is not \"plan\"");
  check.schema(document);
  check_fleet(document.at("fleet"));
  check_workload(document.at("workload"));
  check.members(document.at("target"), "target",
                {{"metric", Kind::text},
                 {"value", Kind::number, Null::allowed},
                 {"time", Kind::number, Null::allowed}});
  check.each(document, "", "candidates", check_candidate);
  check_recommendation(document.at("recommendation"));
  check.texts(document.at("hints"), "hints");
  check.each(document, "", "what_if", check_replay);
}

}  // namespace syncline
