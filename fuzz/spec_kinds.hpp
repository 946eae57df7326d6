#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syncline/registry.hpp"
#include "target.hpp"

namespace syncline::fuzz {

/// One kind of things that a spec may name.
struct SpecKind {
  const char* name;
  void (*check)(const std::string& text);  ///< makes it
  std::vector<std::string> (*texts)();     ///< of all that there are
  bool list = false;                       ///< of specs, not one
};

/// An input is the name of a kind, a space, and the spec: `delay exponential(rate=1)`.
void take_spec(std::span<const SpecKind> kinds, std::string_view input);

/// Inputs of all texts of all kinds.
[[nodiscard]] std::vector<std::string> all_specs(std::span<const SpecKind> kinds);

/// Texts of all entries of a registry, with what must be given.
template <class Factory>
std::vector<std::string> texts_of(const Registry<Factory>& registry) {
  std::vector<std::string> texts;
  for (const auto& entry : registry.entries()) {
    Spec spec{entry.name, {}};
    for (const auto& parameter : entry.parameters) {
      spec.arguments.push_back({parameter.name, parameter.default_value.value_or("2")});
    }
    texts.push_back(to_text(spec));
  }
  return texts;
}

/// Calls make(float()) and make(double()).
template <class Make>
void make_both(Make make) {
  static_cast<void>(make(float{}));
  static_cast<void>(make(double{}));
}

}  // namespace syncline::fuzz
