#include <string>

#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/document_members.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

using Kind = MemberKind;
using Null = MemberNull;

constexpr DocumentMembers check("race document",
                                "write it with `syncline race --json` or `syncline train --json` "
                                "(schema 1)");

void check_curve(const Json& curve, const std::string& path) {
  check.members(curve, path, {{"seed", Kind::number}});
  const char* const names[] = {"time",      "update",     "compute",    "test_error",
                               "test_loss", "train_loss", "train_error"};
  for (const std::string name : names) {
    const std::string inner = path + "." + name;
    const auto found = curve.find(name);
    if (found == curve.end()) {
      if (name == "train_error") continue;  // documents of version 0.1.0 have none
      check.reject(inner, "is missing");
    }
    check.numbers(*found, inner, Null::allowed);
    if (found->size() != curve.at("time").size()) {
      check.reject(inner, "has " + std::to_string(found->size()) + " values where time has " +
                              std::to_string(curve.at("time").size()));
    }
  }
}

void check_timeline(const Json& timeline, const std::string& path) {
  check.members(timeline, path,
                {{"workers", Kind::number},
                 {"from", Kind::number},
                 {"to", Kind::number},
                 {"spans", Kind::list},
                 {"arrows", Kind::list}});
  check.each(timeline, path, "spans",
             [](const Json& span, const std::string& at) { check.tuple(span, at, 4, 1); });
  check.each(timeline, path, "arrows",
             [](const Json& arrow, const std::string& at) { check.tuple(arrow, at, 4); });
}

void check_estimate(const Json& policy, const std::string& path, const char* name) {
  check.members(policy.at(name), path + "." + name,
                {{"mean", Kind::number, Null::allowed}, {"stderr", Kind::number, Null::allowed}});
}

void check_policy(const Json& policy, const std::string& path) {
  check.members(policy, path,
                {{"policy", Kind::text},
                 {"step_size", Kind::number, Null::allowed},
                 {"time_to_target", Kind::object},
                 {"speedup_vs_sync", Kind::object, Null::allowed},
                 {"final_error", Kind::object},
                 {"final_loss", Kind::object},
                 {"updates", Kind::number, Null::allowed},
                 {"gradients", Kind::object},
                 {"staleness_mean", Kind::number, Null::allowed},
                 {"staleness_histogram", Kind::list},
                 {"idle_fraction", Kind::number, Null::allowed},
                 {"cancelled_time_fraction", Kind::number, Null::allowed},
                 {"diverged", Kind::list},
                 {"curves", Kind::list},
                 {"timeline", Kind::object},
                 {"k", Kind::list, Null::allowed},
                 {"contributions", Kind::list}});
  for (const char* name : {"time_to_target", "final_error", "final_loss"}) {
    check_estimate(policy, path, name);
  }
  check.members(policy.at("time_to_target"), path + ".time_to_target",
                {{"reached", Kind::number}, {"runs", Kind::number}, {"per_seed", Kind::list}});
  check.numbers(policy.at("time_to_target").at("per_seed"), path + ".time_to_target.per_seed",
                Null::allowed);
  if (!policy.at("speedup_vs_sync").is_null()) {
    check.members(policy.at("speedup_vs_sync"), path + ".speedup_vs_sync",
                  {{"value", Kind::number},
                   {"lower", Kind::number, Null::allowed},
                   {"upper", Kind::number, Null::allowed}});
  }
  check.members(policy.at("gradients"), path + ".gradients",
                {{"started", Kind::number},
                 {"computed", Kind::number},
                 {"applied", Kind::number},
                 {"dropped", Kind::number},
                 {"held", Kind::number},
                 {"cancelled", Kind::number},
                 {"in_flight", Kind::number}});
  check.numbers(policy.at("staleness_histogram"), path + ".staleness_histogram", Null::no);
  check.numbers(policy.at("contributions"), path + ".contributions", Null::no);
  check.each(policy, path, "diverged", [](const Json& entry, const std::string& at) {
    check.members(entry, at, {{"seed", Kind::number}, {"update", Kind::number}});
  });
  check.each(policy, path, "curves", check_curve);
  check_timeline(policy.at("timeline"), path + ".timeline");
  if (!policy.at("k").is_null()) {
    check.each(policy, path, "k",
               [](const Json& step, const std::string& at) { check.tuple(step, at, 2); });
  }
}

void check_setting(const Json& setting, const std::string& path) {
  check.members(setting, path,
                {{"step_sizes", Kind::text}, {"verdict", Kind::object}, {"policies", Kind::list}});
  check.members(setting.at("verdict"), path + ".verdict",
                {{"winner", Kind::text, Null::allowed}, {"text", Kind::text}});
  const auto tuning = setting.find("tuning");
  if (tuning != setting.end() && !tuning->is_null()) {
    check.members(*tuning, path + ".tuning", {{"seeds", Kind::list}, {"results", Kind::list}});
    check.each(*tuning, path + ".tuning", "results", [](const Json& result, const std::string& at) {
      check.members(result, at,
                    {{"policy", Kind::text},
                     {"step_size", Kind::number},
                     {"time_to_target", Kind::number, Null::allowed},
                     {"final", Kind::number, Null::allowed}});
    });
  }
  if (setting.at("policies").empty()) check.reject(path + ".policies", "is empty");
  check.each(setting, path, "policies", check_policy);
}

}  // namespace

void check_race(const Json& document) {
  check.members(document, "",
                {{"schema", Kind::number},
                 {"kind", Kind::text},
                 {"title", Kind::text},
                 {"version", Kind::text},
                 {"command", Kind::text},
                 {"config", Kind::object},
                 {"seconds", Kind::number},
                 {"interrupted", Kind::flag},
                 {"workers", Kind::number},
                 {"target", Kind::object, Null::allowed},
                 {"seeds", Kind::list},
                 {"settings", Kind::list}});
  check.schema(document);
  if (!document.at("target").is_null()) {
    check.members(document.at("target"), "target",
                  {{"metric", Kind::text}, {"value", Kind::number, Null::allowed}});
  }
  if (document.at("settings").empty()) check.reject("settings", "is empty");
  check.each(document, "", "settings", check_setting);
  const auto nodes = document.find("nodes");
  if (nodes != document.end()) check_nodes(*nodes, document.at("workers"));
  const auto plan = document.find("plan");
  if (plan != document.end() && !plan->is_null()) check_plan(*plan);
}

}  // namespace syncline
