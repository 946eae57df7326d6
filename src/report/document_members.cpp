#include "report/document_members.hpp"

#include "syncline/error.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;

const char* describe(MemberKind kind) {
  switch (kind) {
    case MemberKind::number:
      return "a number";
    case MemberKind::text:
      return "a string";
    case MemberKind::flag:
      return "true or false";
    case MemberKind::object:
      return "an object";
    case MemberKind::list:
      return "a list";
  }
  throw InternalError("report: unknown kind of JSON value");
}

bool matches(const Json& value, MemberKind kind) {
  switch (kind) {
    case MemberKind::number:
      return value.is_number();
    case MemberKind::text:
      return value.is_string();
    case MemberKind::flag:
      return value.is_boolean();
    case MemberKind::object:
      return value.is_object();
    case MemberKind::list:
      return value.is_array();
  }
  return false;
}

}  // namespace

void DocumentMembers::reject(const std::string& path, const std::string& problem) const {
  throw DataError(std::string(document_) + ": '" + path + "' " + problem + "; " + remedy_);
}

void DocumentMembers::value(const Json& value, const std::string& path, MemberKind kind,
                            MemberNull null) const {
  if (value.is_null() && null == MemberNull::allowed) return;
  if (!matches(value, kind)) reject(path, std::string("is not ") + describe(kind));
}

void DocumentMembers::members(const Json& object, const std::string& path,
                              std::initializer_list<Member> members) const {
  value(object, path.empty() ? "(the whole document)" : path, MemberKind::object, MemberNull::no);
  for (const auto& member : members) {
    const auto found = object.find(member.name);
    if (found == object.end()) reject(inside(path, member.name), "is missing");
    value(*found, inside(path, member.name), member.kind, member.null);
  }
}

void DocumentMembers::optional(const Json& object, const std::string& path,
                               std::initializer_list<Member> members) const {
  for (const auto& member : members) {
    const auto found = object.find(member.name);
    if (found != object.end()) value(*found, inside(path, member.name), member.kind, member.null);
  }
}

void DocumentMembers::numbers(const Json& list, const std::string& path, MemberNull null) const {
  value(list, path, MemberKind::list, MemberNull::no);
  for (std::size_t i = 0; i < list.size(); ++i) {
    value(list[i], at(path, i), MemberKind::number, null);
  }
}

void DocumentMembers::texts(const Json& list, const std::string& path) const {
  value(list, path, MemberKind::list, MemberNull::no);
  for (std::size_t i = 0; i < list.size(); ++i) {
    value(list[i], at(path, i), MemberKind::text, MemberNull::no);
  }
}

void DocumentMembers::tuple(const Json& tuple, const std::string& path, std::size_t length,
                            std::size_t text_at) const {
  value(tuple, path, MemberKind::list, MemberNull::no);
  if (tuple.size() != length) reject(path, "does not have " + std::to_string(length) + " values");
  for (std::size_t i = 0; i < length; ++i) {
    value(tuple[i], at(path, i), i == text_at ? MemberKind::text : MemberKind::number,
          MemberNull::no);
  }
}

void DocumentMembers::points(const Json& list, const std::string& path) const {
  value(list, path, MemberKind::list, MemberNull::no);
  for (std::size_t i = 0; i < list.size(); ++i) {
    numbers(list[i], at(path, i), MemberNull::allowed);
    if (list[i].size() != 2) reject(at(path, i), "does not have 2 values");
  }
}

void DocumentMembers::schema(const Json& document) const {
  if (document.at("schema") == 1) return;
  throw DataError(std::string(document_) + ": schema " + document.at("schema").dump() +
                  " is unknown to this version, which reads schema 1; use the version of "
                  "syncline that wrote the document");
}

}  // namespace syncline
