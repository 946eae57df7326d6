#pragma once

#include <map>
#include <string>
#include <vector>

#include "syncline/registry.hpp"

// Texts of all that is registered, made from the registries, so that a new entry is among them.
namespace syncline::testing {

/// What parameters without a default get: values that small runs bear.
inline const std::string& value_for(const std::string& entry, const std::string& parameter) {
  static const std::map<std::string, std::string> values = {
      {"b", "1"}, {"radius", "1"}, {"sparsity", "0.5"}, {"norm", "1"}};
  const auto found = values.find(parameter);
  if (found == values.end()) {
    throw std::runtime_error("put a value for the parameter " + parameter + " of " + entry +
                             " into registry_samples.hpp");
  }
  return found->second;
}

/// With all defaults, and with each switch the other way.
template <class Factory>
std::vector<std::string> samples_of(const RegistryEntry<Factory>& entry) {
  std::string required;
  for (const Parameter& parameter : entry.parameters) {
    if (parameter.default_value) continue;
    required += (required.empty() ? "" : ", ") + parameter.name + "=" +
                value_for(entry.name, parameter.name);
  }
  std::vector<std::string> samples = {required.empty() ? entry.name
                                                       : entry.name + "(" + required + ")"};
  for (const Parameter& parameter : entry.parameters) {
    const std::string usual = parameter.default_value.value_or("");
    const bool on = usual == "yes" || usual == "true";
    if (!on && usual != "no" && usual != "false") continue;
    samples.push_back(entry.name + "(" + required + (required.empty() ? "" : ", ") +
                      parameter.name + (on ? "=no)" : "=yes)"));
  }
  return samples;
}

template <class Factory>
std::vector<std::string> samples_of(const Registry<Factory>& registry) {
  std::vector<std::string> samples;
  for (const auto& entry : registry.entries()) {
    const auto more = samples_of(entry);
    samples.insert(samples.end(), more.begin(), more.end());
  }
  return samples;
}

}  // namespace syncline::testing
