#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "syncline/error.hpp"

// JSON from files that nobody vouches for. The library's parser is safe on any text; what follows
// it is not.
namespace syncline {

/// Brackets of our own files nest a tenth as deep.
inline constexpr int most_nesting = 100;

/// Whether brackets outside quotes nest deeper than that. Parsing does not recurse, but copying,
/// comparing and printing what was parsed do, and a file may nest deeper than any stack.
[[nodiscard]] inline bool nests_too_deep(std::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') quoted = !quoted;
    if (quoted) {
      if (c == '\\') ++i;
    } else if (c == '[' || c == '{') {
      if (++depth > most_nesting) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

/// Parses one value; a discarded one where the text is no JSON. Throws ConfigError where it nests
/// too deep.
template <class Json>
[[nodiscard]] Json parse_hostile(std::string_view text) {
  if (nests_too_deep(text)) {
    throw ConfigError("brackets nest deeper than " + std::to_string(most_nesting));
  }
  return Json::parse(text, nullptr, false);
}

/// A whole number that `Number` holds. The library's own conversion cuts any number to fit, and is
/// undefined for a fraction beyond the range. Throws ConfigError on anything else.
template <class Number, class Json>
[[nodiscard]] Number whole_number(const Json& value) {
  const bool whole = value.is_number_unsigned() &&
                     value.template get<std::uint64_t>() <= std::numeric_limits<Number>::max();
  if (!whole) {
    throw ConfigError(
        (value.is_structured() ? "a " + std::string(value.type_name()) : value.dump()) +
        " is no whole number from 0 to " + std::to_string(std::numeric_limits<Number>::max()));
  }
  return static_cast<Number>(value.template get<std::uint64_t>());
}

}  // namespace syncline
