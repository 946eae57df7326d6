#include <nlohmann/json.hpp>

#include "config/sections.hpp"
#include "syncline/error.hpp"

namespace syncline {

void apply_json(Settings& settings, const nlohmann::ordered_json& sections,
                const std::string& name) {
  if (!sections.is_object()) throw ConfigError(name + ": the configuration is no object");
  for (const auto& [section, values] : sections.items()) {
    if (!values.is_object()) {
      throw ConfigError(name + ": the section '" + section + "' is no object");
    }
    for (const auto& [key, value] : values.items()) {
      const Option& option = find_option(section + "." + key);
      if (!changes_results(option) || value.is_structured()) {
        throw ConfigError(name + ": " + option.key + " has no place in it, or not in this form");
      }
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      set_from_text(settings, option, text, name + ": " + option.key);
    }
  }
}

}  // namespace syncline
