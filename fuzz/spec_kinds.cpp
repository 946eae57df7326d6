#include "spec_kinds.hpp"

namespace syncline::fuzz {

void take_spec(std::span<const SpecKind> kinds, std::string_view input) {
  // Some specs name files; files elsewhere may be anything, and endless.
  if (input.find('/') != input.npos) throw ConfigError("a path");
  const auto space = input.find(' ');
  if (space == input.npos) throw ConfigError("no kind of spec");
  const std::string text(input.substr(space + 1));
  for (const SpecKind& kind : kinds) {
    if (input.substr(0, space) != kind.name) continue;
    if (!kind.list) {
      const Spec spec = parse_spec(text);
      promise(parse_spec(to_text(spec)) == spec, "a spec is read back the same");
    }
    return kind.check(text);
  }
  throw ConfigError("no kind of spec");
}

std::vector<std::string> all_specs(std::span<const SpecKind> kinds) {
  std::vector<std::string> all;
  for (const SpecKind& kind : kinds) {
    for (const auto& text : kind.texts()) all.push_back(std::string(kind.name) + " " + text);
  }
  return all;
}

}  // namespace syncline::fuzz
