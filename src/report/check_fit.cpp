#include <string>

#include <nlohmann/json.hpp>

#include "report/check_document.hpp"
#include "report/document_members.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

using Kind = MemberKind;
using Null = MemberNull;

constexpr DocumentMembers check("fit document", "write it with `syncline fit --json` (schema 1)");

void check_law(const Json& law, const std::string& path) {
  check.members(law, path,
                {{"law", Kind::text},
                 {"aic", Kind::number, Null::allowed},
                 {"bic", Kind::number, Null::allowed},
                 {"ks", Kind::number, Null::allowed},
                 {"parameters", Kind::object}});
  for (const auto& [name, parameter] : law.at("parameters").items()) {
    check.members(parameter, DocumentMembers::inside(path + ".parameters", name.c_str()),
                  {{"value", Kind::number, Null::allowed},
                   {"lower", Kind::number, Null::allowed},
                   {"upper", Kind::number, Null::allowed}});
  }
}

/// The fit in the member `name` of a worker, a group or the document.
void check_group(const Json& owner, const std::string& owners_path, const char* name) {
  const std::string path = DocumentMembers::inside(owners_path, name);
  const Json& group = owner.at(name);
  check.members(group, path,
                {{"jobs", Kind::number},
                 {"censored", Kind::number},
                 {"mean", Kind::number, Null::allowed},
                 {"median", Kind::number, Null::allowed},
                 {"refusal", Kind::text, Null::allowed},
                 {"laws", Kind::list},
                 {"qq", Kind::list},
                 {"survival", Kind::list}});
  check.each(group, path, "laws", check_law);
  check.points(group.at("qq"), path + ".qq");
  check.points(group.at("survival"), path + ".survival");
}

void check_worker(const Json& worker, const std::string& path) {
  check.members(worker, path,
                {{"worker", Kind::number},
                 {"slowdown", Kind::number, Null::allowed},
                 {"straggler", Kind::flag},
                 {"behaviour", Kind::text},
                 {"drift", Kind::object},
                 {"burst_p_value", Kind::number, Null::allowed},
                 {"fit", Kind::object}});
  check.members(
      worker.at("drift"), path + ".drift",
      {{"p_value", Kind::number, Null::allowed}, {"factor", Kind::number, Null::allowed}});
  check_group(worker, path, "fit");
}

void check_tail(const Json& tail) {
  check.members(tail, "tail",
                {{"value", Kind::number, Null::allowed},
                 {"lower", Kind::number, Null::allowed},
                 {"upper", Kind::number, Null::allowed},
                 {"longest", Kind::number}});
}

void check_slow_states(const Json& slow) {
  check.members(slow, "slow_states",
                {{"workers", Kind::list},
                 {"mean_normal", Kind::number, Null::allowed},
                 {"mean_slow", Kind::number, Null::allowed},
                 {"factor", Kind::number, Null::allowed},
                 {"slowness", Kind::text},
                 {"delay", Kind::text}});
  check.numbers(slow.at("workers"), "slow_states.workers", Null::no);
}

}  // namespace

void check_fit(const Json& document) {
  check.members(document, "",
                {{"schema", Kind::number},
                 {"kind", Kind::text},
                 {"profile", Kind::text},
                 {"alike", Kind::flag},
                 {"alike_p_value", Kind::number, Null::allowed},
                 {"findings", Kind::list},
                 {"warnings", Kind::list},
                 {"pooled", Kind::object},
                 {"groups", Kind::list},
                 {"tail", Kind::object, Null::allowed},
                 {"slow_states", Kind::object, Null::allowed},
                 {"workers", Kind::list}});
  if (document.at("kind") != "fit") check.reject("kind", "is not \"fit\"");
  check.schema(document);
  check.optional(document, "", {{"title", Kind::text}, {"command", Kind::text}});
  check.texts(document.at("findings"), "findings");
  check.texts(document.at("warnings"), "warnings");
  check_group(document, "", "pooled");
  check.each(document, "", "groups", [](const Json& group, const std::string& path) {
    check.members(group, path,
                  {{"workers", Kind::list}, {"law", Kind::text}, {"fit", Kind::object}});
    check.numbers(group.at("workers"), path + ".workers", Null::no);
    check_group(group, path, "fit");
  });
  if (!document.at("tail").is_null()) check_tail(document.at("tail"));
  if (!document.at("slow_states").is_null()) check_slow_states(document.at("slow_states"));
  if (document.at("workers").empty()) check.reject("workers", "is empty");
  check.each(document, "", "workers", check_worker);
}

}  // namespace syncline
