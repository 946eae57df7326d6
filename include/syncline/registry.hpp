#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {

/// One row of a registry: everything `syncline list`, the help, the docs and the tests know of it.
template <class Factory>
struct RegistryEntry {
  std::string name;
  std::string summary;  ///< one line
  std::string source;   ///< paper and equation, arXiv id, or the usual textbook
  std::vector<Parameter> parameters;
  Factory make;
};

/// Named implementations of one interface, in the order in which they are listed to people.
/// Immutable after construction, so safe to read from any thread.
template <class Factory>
class Registry {
 public:
  using Entry = RegistryEntry<Factory>;

  /// `kind` is the word of the messages: "delay law", "policy".
  Registry(std::string kind, std::vector<Entry> entries)
      : kind_(std::move(kind)), entries_(std::move(entries)) {}

  /// Throws ConfigError with the nearest valid name.
  [[nodiscard]] const Entry& find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.name == name; });
    if (found != entries_.end()) return *found;
    std::string message = "unknown " + kind_ + " '" + std::string(name) + "'";
    if (const auto near = nearest_name(name, names())) message += "; did you mean '" + *near + "'?";
    message += " (valid: ";
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      message += (i == 0 ? "" : ", ") + entries_[i].name;
    }
    throw ConfigError(message + ")");
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const auto& entry : entries_) result.push_back(entry.name);
    return result;
  }

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
  std::vector<Entry> entries_;
};

}  // namespace syncline
