#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace syncline {

/// One argument of a spec: `key=value`, or a bare value (then `key` is empty).
struct SpecArgument {
  std::string key;
  std::string value;
  bool operator==(const SpecArgument&) const = default;
};

/// A parsed `name(key=value, ...)`: how policies, delay laws, workloads and schedules are written.
/// Values may be nested specs, `adasync(base=k-async(k=2))`; they are kept as text.
struct Spec {
  std::string name;
  std::vector<SpecArgument> arguments;
  bool operator==(const Spec&) const = default;
};

/// Parses `name` or `name(...)`. Spaces around tokens are ignored.
/// Throws ConfigError on unbalanced brackets, empty names or trailing text.
[[nodiscard]] Spec parse_spec(std::string_view text);

/// The canonical text of a spec: parse_spec(to_text(s)) == s.
[[nodiscard]] std::string to_text(const Spec& spec);

/// Splits at `separator` outside all brackets; trims the pieces. "" gives no pieces.
[[nodiscard]] std::vector<std::string> split_outside_brackets(std::string_view text,
                                                              char separator);

/// The candidate nearest in edit distance, for "did you mean" messages; nullopt if none is near.
[[nodiscard]] std::optional<std::string> nearest_name(std::string_view wrong,
                                                      std::span<const std::string> candidates);

/// One parameter of a registered thing, as `syncline list` prints it.
struct Parameter {
  std::string name;
  std::string description;
  std::optional<std::string> default_value;  ///< nullopt: must be given
};

/// Reads the arguments of a spec against its declared parameters.
/// Bare values are taken in the order of declaration. Construction throws ConfigError on an unknown
/// (with the nearest valid name), repeated or missing argument; the readers throw ConfigError on a
/// value that is no finite number, no whole number, ... and name spec, parameter and value.
class Arguments {
 public:
  Arguments(Spec spec, std::span<const Parameter> parameters);

  [[nodiscard]] bool given(std::string_view name) const;
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;        ///< finite
  [[nodiscard]] double positive(std::string_view name) const;      ///< finite and > 0
  [[nodiscard]] double non_negative(std::string_view name) const;  ///< finite and >= 0
  [[nodiscard]] std::uint64_t whole(std::string_view name) const;  ///< 0, 1, 2, ...
  [[nodiscard]] std::uint64_t at_least_one(std::string_view name) const;
  [[nodiscard]] bool boolean(std::string_view name) const;  ///< true|false|yes|no|1|0
  [[nodiscard]] const Spec& spec() const { return spec_; }

  /// A ConfigError that names this spec, the parameter and its value.
  [[noreturn]] void refuse(std::string_view name, std::string_view why) const;

 private:
  Spec spec_;
  std::vector<SpecArgument> values_;  ///< one per declared parameter that has a value
};

/// A finite number from text, the whole text. Throws ConfigError naming `what`.
[[nodiscard]] double parse_number(std::string_view text, std::string_view what);

/// A whole number >= 0 from text; accepts 1e6 and 1_000_000 forms that are whole.
[[nodiscard]] std::uint64_t parse_whole(std::string_view text, std::string_view what);

}  // namespace syncline
