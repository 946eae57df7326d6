#include <algorithm>
#include <charconv>
#include <cmath>

#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {

double parse_number(std::string_view text, std::string_view what) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc() || stop != end || !std::isfinite(value)) {
    throw ConfigError(std::string(what) + " must be a finite number, not '" + std::string(text) +
                      "'");
  }
  return value;
}

std::uint64_t parse_whole(std::string_view text, std::string_view what) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits += c;
  }
  const auto fail = [&] {
    return ConfigError(std::string(what) + " must be a whole number from 0 on, not '" +
                       std::string(text) + "'");
  };
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (!digits.empty() && error == std::errc() && stop == end) return value;

  // 1e6 and 200000.0 are whole too; beyond 2^53 a double is no longer exact.
  double number = -1;
  const auto [stop2, error2] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || error2 != std::errc() || stop2 != end) throw fail();
  if (!(number >= 0) || std::floor(number) != number) throw fail();
  if (number > 9007199254740992.0) {
    throw ConfigError(std::string(what) + " is too large: '" + std::string(text) + "'");
  }
  return static_cast<std::uint64_t>(number);
}

Arguments::Arguments(Spec spec, std::span<const Parameter> parameters) : spec_(std::move(spec)) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) names.push_back(parameter.name);

  std::size_t position = 0;
  for (const auto& argument : spec_.arguments) {
    std::string key = argument.key;
    if (key.empty()) {
      if (position >= names.size()) {
        throw ConfigError("'" + to_text(spec_) + "' has an argument too many: '" + argument.value +
                          "'");
      }
      key = names[position];
    }
    ++position;
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      std::string message = "'" + spec_.name + "' has no parameter '" + key + "'";
      if (const auto near = nearest_name(key, names)) message += "; did you mean '" + *near + "'?";
      message += names.empty() ? " (it takes none)" : " (parameters:";
      for (const auto& name : names) message += " " + name;
      throw ConfigError(message + (names.empty() ? "" : ")"));
    }
    if (given(key)) throw ConfigError("'" + to_text(spec_) + "' gives '" + key + "' twice");
    values_.push_back({key, argument.value});
  }
  for (const auto& parameter : parameters) {
    if (given(parameter.name)) continue;
    if (!parameter.default_value) {
      throw ConfigError("'" + to_text(spec_) + "' needs the parameter '" + parameter.name +
                        "': " + parameter.description);
    }
    values_.push_back({parameter.name, *parameter.default_value});
  }
}

bool Arguments::given(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const SpecArgument& value) { return value.key == name; });
}

const std::string& Arguments::text(std::string_view name) const {
  for (const auto& value : values_) {
    if (value.key == name) return value.value;
  }
  throw InternalError("'" + spec_.name + "' reads the undeclared parameter '" + std::string(name) +
                      "'");
}

void Arguments::refuse(std::string_view name, std::string_view why) const {
  throw ConfigError("'" + to_text(spec_) + "': " + std::string(name) + " " + std::string(why) +
                    ", not '" + text(name) + "'");
}

double Arguments::number(std::string_view name) const {
  return parse_number(text(name), "'" + to_text(spec_) + "': " + std::string(name));
}

double Arguments::positive(std::string_view name) const {
  const double value = number(name);
  if (!(value > 0)) refuse(name, "must be above 0");
  return value;
}

double Arguments::non_negative(std::string_view name) const {
  const double value = number(name);
  if (!(value >= 0)) refuse(name, "must not be negative");
  return value;
}

std::uint64_t Arguments::whole(std::string_view name) const {
  return parse_whole(text(name), "'" + to_text(spec_) + "': " + std::string(name));
}

std::uint64_t Arguments::at_least_one(std::string_view name) const {
  const std::uint64_t value = whole(name);
  if (value == 0) refuse(name, "must be at least 1");
  return value;
}

bool Arguments::boolean(std::string_view name) const {
  const std::string& value = text(name);
  if (value == "true" || value == "yes" || value == "1") return true;
  if (value == "false" || value == "no" || value == "0") return false;
  refuse(name, "must be true or false");
}

}  // namespace syncline
