#include "syncline/spec.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "syncline/error.hpp"

namespace syncline {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// Position of the '=' that parts key and value, outside brackets; npos if there is none.
std::size_t find_equals(std::string_view text) {
  const auto bracket = text.find('(');
  const auto equals = text.find('=');
  return equals < bracket ? equals : std::string_view::npos;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> split_outside_brackets(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  if (trim(text).empty()) return pieces;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (text[i] == separator && depth == 0) {
      pieces.emplace_back(trim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  pieces.emplace_back(trim(text.substr(begin)));
  return pieces;
}

Spec parse_spec(std::string_view text) {
  const std::string_view whole = trim(text);
  const auto fail = [&](const std::string& why) -> ConfigError {
    return ConfigError("can't read '" + std::string(whole) + "': " + why +
                       "; write name or name(key=value, ...)");
  };
  const auto open = whole.find('(');
  Spec spec;
  spec.name = trim(whole.substr(0, open));
  if (spec.name.empty()) throw fail("the name is missing");
  for (const char c : spec.name) {
    if (is_space(c) || c == ')' || c == ',' || c == '=') throw fail("bad character in the name");
  }
  if (open == std::string_view::npos) return spec;

  int depth = 0;
  for (std::size_t i = open; i < whole.size(); ++i) {
    if (whole[i] == '(') ++depth;
    if (whole[i] == ')' && --depth == 0 && i + 1 != whole.size()) {
      throw fail("text after the closing bracket");
    }
    if (depth < 0) throw fail("a closing bracket too many");
  }
  if (depth != 0) throw fail("a closing bracket is missing");

  const std::string_view inside = whole.substr(open + 1, whole.size() - open - 2);
  for (const std::string& piece : split_outside_brackets(inside, ',')) {
    const auto equals = find_equals(piece);
    SpecArgument argument;
    if (equals != std::string_view::npos) {
      argument.key = trim(std::string_view(piece).substr(0, equals));
      argument.value = trim(std::string_view(piece).substr(equals + 1));
      if (argument.key.empty()) throw fail("a key is missing before '='");
    } else {
      argument.value = piece;
    }
    if (argument.value.empty()) throw fail("a value is missing");
    spec.arguments.push_back(std::move(argument));
  }
  return spec;
}

std::string to_text(const Spec& spec) {
  if (spec.arguments.empty()) return spec.name;
  std::string text = spec.name + "(";
  for (std::size_t i = 0; i < spec.arguments.size(); ++i) {
    if (i > 0) text += ", ";
    const auto& argument = spec.arguments[i];
    text += argument.key.empty() ? argument.value : argument.key + "=" + argument.value;
  }
  return text + ")";
}

std::optional<std::string> nearest_name(std::string_view wrong,
                                        std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(3, wrong.size() / 2 + 1);
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(wrong, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace syncline
