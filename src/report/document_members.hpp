#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>

#include <nlohmann/json.hpp>

namespace syncline {

/// The type that a member of a document must have.
enum class MemberKind { number, text, flag, object, list };
/// Whether `null` will do instead.
enum class MemberNull { no, allowed };

struct Member {
  const char* name;
  MemberKind kind;
  MemberNull null = MemberNull::no;
};

/// Checks members of one document. All checks throw DataError with the path of the member, such as
/// settings[0].policies[2].updates, and with what writes such a document.
class DocumentMembers {
 public:
  using Json = nlohmann::ordered_json;

  /// `document`: "race document"; `remedy`: "write it with `syncline race --json`".
  constexpr DocumentMembers(const char* document, const char* remedy)
      : document_(document), remedy_(remedy) {}

  [[noreturn]] void reject(const std::string& path, const std::string& problem) const;

  void value(const Json& value, const std::string& path, MemberKind kind, MemberNull null) const;
  /// `object` is an object that has all these members. `path` is empty for the whole document.
  void members(const Json& object, const std::string& path,
               std::initializer_list<Member> members) const;
  /// Members that may be missing: those that are there have the right type.
  void optional(const Json& object, const std::string& path,
                std::initializer_list<Member> members) const;
  void numbers(const Json& list, const std::string& path, MemberNull null) const;
  void texts(const Json& list, const std::string& path) const;
  /// A list of fixed length whose members are numbers, but for the text at `text_at`.
  void tuple(const Json& tuple, const std::string& path, std::size_t length,
             std::size_t text_at = ~std::size_t{0}) const;
  /// A list of [x, y], each a number or null.
  void points(const Json& list, const std::string& path) const;
  /// The document's schema is the one that this version reads.
  void schema(const Json& document) const;

  /// Calls check(element, its path) for each element of the list `object[name]`.
  template <class Check>
  void each(const Json& object, const std::string& path, const char* name, Check check) const {
    const std::string list = inside(path, name);
    std::size_t i = 0;
    for (const auto& element : object.at(name)) check(element, at(list, i++));
  }

  [[nodiscard]] static std::string inside(const std::string& path, const char* name) {
    return path.empty() ? name : path + "." + name;
  }
  [[nodiscard]] static std::string at(const std::string& path, std::size_t i) {
    return path + "[" + std::to_string(i) + "]";
  }

 private:
  const char* document_;
  const char* remedy_;
};

}  // namespace syncline
