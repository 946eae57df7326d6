#include <algorithm>

#include <nlohmann/json.hpp>

#include "config/sections.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

/// The value as the command line would hold it.
std::string text_of(const nlohmann::ordered_json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const auto& item : value) list += (list.empty() ? "" : ",") + text_of(item);
  return list;
}

/// A scalar, or a list of them where the option is one.
bool fits(const nlohmann::ordered_json& value, const Option& option) {
  if (!value.is_array()) return !value.is_object();
  return type_name(option).starts_with("list") &&
         std::none_of(value.begin(), value.end(),
                      [](const auto& item) { return item.is_structured(); });
}

}  // namespace

void apply_json(Settings& settings, const nlohmann::ordered_json& sections,
                const std::string& name) {
  if (!sections.is_object()) throw ConfigError(name + ": the configuration is no object");
  for (const auto& [section, values] : sections.items()) {
    if (!values.is_object()) {
      throw ConfigError(name + ": the section '" + section + "' is no object");
    }
    for (const auto& [key, value] : values.items()) {
      const Option& option = find_option(section + "." + key);
      if (!changes_results(option) || !fits(value, option)) {
        throw ConfigError(name + ": " + option.key + " has no place in it, or not in this form");
      }
      set_from_text(settings, option, text_of(value), name + ": " + option.key);
    }
  }
}

}  // namespace syncline
