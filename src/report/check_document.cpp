#include "report/check_document.hpp"

#include <initializer_list>
#include <string>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

enum class Kind { number, text, flag, object, list };
enum class Null { no, allowed };

struct Member {
  const char* name;
  Kind kind;
  Null null = Null::no;
};

const char* describe(Kind kind) {
  switch (kind) {
    case Kind::number:
      return "a number";
    case Kind::text:
      return "a string";
    case Kind::flag:
      return "true or false";
    case Kind::object:
      return "an object";
    case Kind::list:
      return "a list";
  }
  throw InternalError("report: unknown kind of JSON value");
}

bool matches(const Json& value, Kind kind) {
  switch (kind) {
    case Kind::number:
      return value.is_number();
    case Kind::text:
      return value.is_string();
    case Kind::flag:
      return value.is_boolean();
    case Kind::object:
      return value.is_object();
    case Kind::list:
      return value.is_array();
  }
  return false;
}

[[noreturn]] void reject(const std::string& path, const std::string& problem) {
  throw DataError("race document: '" + path + "' " + problem +
                  "; write it with `syncline race --json` or `syncline train --json` (schema 1)");
}

void check_value(const Json& value, const std::string& path, Kind kind, Null null) {
  if (value.is_null() && null == Null::allowed) return;
  if (!matches(value, kind)) reject(path, std::string("is not ") + describe(kind));
}

void check_members(const Json& object, const std::string& path,
                   std::initializer_list<Member> members) {
  check_value(object, path.empty() ? "(the whole document)" : path, Kind::object, Null::no);
  for (const auto& member : members) {
    const std::string name = path.empty() ? member.name : path + "." + member.name;
    const auto found = object.find(member.name);
    if (found == object.end()) reject(name, "is missing");
    check_value(*found, name, member.kind, member.null);
  }
}

void check_numbers(const Json& list, const std::string& path, Null null) {
  check_value(list, path, Kind::list, Null::no);
  for (std::size_t i = 0; i < list.size(); ++i) {
    check_value(list[i], path + "[" + std::to_string(i) + "]", Kind::number, null);
  }
}

/// Calls check(element, its path) for each element of the list `object[name]`.
template <class Check>
void for_each(const Json& object, const std::string& path, const char* name, Check check) {
  const std::string list = path.empty() ? name : path + "." + name;
  std::size_t i = 0;
  for (const auto& element : object.at(name)) {
    check(element, list + "[" + std::to_string(i++) + "]");
  }
}

void check_curve(const Json& curve, const std::string& path) {
  check_members(curve, path, {{"seed", Kind::number}});
  const char* const names[] = {"time",       "update",    "compute",
                               "test_error", "test_loss", "train_loss"};
  for (const char* name : names) {
    const std::string inner = path + "." + name;
    const auto found = curve.find(name);
    if (found == curve.end()) reject(inner, "is missing");
    check_numbers(*found, inner, Null::allowed);
    if (found->size() != curve.at("time").size()) {
      reject(inner, "has " + std::to_string(found->size()) + " values where time has " +
                        std::to_string(curve.at("time").size()));
    }
  }
}

/// A span or an arrow: a list of fixed length whose members are numbers, but for `text_at`.
void check_tuple(const Json& tuple, const std::string& path, std::size_t length,
                 std::size_t text_at) {
  check_value(tuple, path, Kind::list, Null::no);
  if (tuple.size() != length) reject(path, "does not have " + std::to_string(length) + " values");
  for (std::size_t i = 0; i < length; ++i) {
    check_value(tuple[i], path + "[" + std::to_string(i) + "]",
                i == text_at ? Kind::text : Kind::number, Null::no);
  }
}

constexpr std::size_t nowhere = ~std::size_t{0};

void check_timeline(const Json& timeline, const std::string& path) {
  check_members(timeline, path,
                {{"workers", Kind::number},
                 {"from", Kind::number},
                 {"to", Kind::number},
                 {"spans", Kind::list},
                 {"arrows", Kind::list}});
  for_each(timeline, path, "spans",
           [](const Json& span, const std::string& at) { check_tuple(span, at, 4, 1); });
  for_each(timeline, path, "arrows",
           [](const Json& arrow, const std::string& at) { check_tuple(arrow, at, 4, nowhere); });
}

void check_estimate(const Json& policy, const std::string& path, const char* name) {
  check_members(policy.at(name), path + "." + name,
                {{"mean", Kind::number, Null::allowed}, {"stderr", Kind::number, Null::allowed}});
}

void check_policy(const Json& policy, const std::string& path) {
  check_members(policy, path,
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
  check_members(policy.at("time_to_target"), path + ".time_to_target",
                {{"reached", Kind::number}, {"runs", Kind::number}, {"per_seed", Kind::list}});
  check_numbers(policy.at("time_to_target").at("per_seed"), path + ".time_to_target.per_seed",
                Null::allowed);
  if (!policy.at("speedup_vs_sync").is_null()) {
    check_members(policy.at("speedup_vs_sync"), path + ".speedup_vs_sync",
                  {{"value", Kind::number},
                   {"lower", Kind::number, Null::allowed},
                   {"upper", Kind::number, Null::allowed}});
  }
  check_members(policy.at("gradients"), path + ".gradients",
                {{"started", Kind::number},
                 {"computed", Kind::number},
                 {"applied", Kind::number},
                 {"dropped", Kind::number},
                 {"held", Kind::number},
                 {"cancelled", Kind::number},
                 {"in_flight", Kind::number}});
  check_numbers(policy.at("staleness_histogram"), path + ".staleness_histogram", Null::no);
  check_numbers(policy.at("contributions"), path + ".contributions", Null::no);
  for_each(policy, path, "diverged", [](const Json& entry, const std::string& at) {
    check_members(entry, at, {{"seed", Kind::number}, {"update", Kind::number}});
  });
  for_each(policy, path, "curves", check_curve);
  check_timeline(policy.at("timeline"), path + ".timeline");
  if (!policy.at("k").is_null()) {
    for_each(policy, path, "k",
             [](const Json& step, const std::string& at) { check_tuple(step, at, 2, nowhere); });
  }
}

void check_setting(const Json& setting, const std::string& path) {
  check_members(setting, path,
                {{"step_sizes", Kind::text}, {"verdict", Kind::object}, {"policies", Kind::list}});
  check_members(setting.at("verdict"), path + ".verdict",
                {{"winner", Kind::text, Null::allowed}, {"text", Kind::text}});
  const auto tuning = setting.find("tuning");
  if (tuning != setting.end() && !tuning->is_null()) {
    check_members(*tuning, path + ".tuning", {{"seeds", Kind::list}, {"results", Kind::list}});
    for_each(*tuning, path + ".tuning", "results", [](const Json& result, const std::string& at) {
      check_members(result, at,
                    {{"policy", Kind::text},
                     {"step_size", Kind::number},
                     {"time_to_target", Kind::number, Null::allowed},
                     {"final", Kind::number, Null::allowed}});
    });
  }
  if (setting.at("policies").empty()) reject(path + ".policies", "is empty");
  for_each(setting, path, "policies", check_policy);
}

}  // namespace

void check_document(const Json& document) {
  check_members(document, "",
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
  if (document.at("schema") != 1) {
    throw DataError("race document: schema " + document.at("schema").dump() +
                    " is unknown to this version, which reads schema 1; use the version of "
                    "syncline that wrote the document");
  }
  if (!document.at("target").is_null()) {
    check_members(document.at("target"), "target",
                  {{"metric", Kind::text}, {"value", Kind::number, Null::allowed}});
  }
  if (document.at("settings").empty()) reject("settings", "is empty");
  for_each(document, "", "settings", check_setting);
}

}  // namespace syncline
