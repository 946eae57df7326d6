#include <algorithm>
#include <charconv>
#include <limits>

#include <nlohmann/json.hpp>

#include "config/sections.hpp"
#include "syncline/error.hpp"
#include "syncline/options.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

std::vector<Option> all_options() {
  std::vector<Option> rows;
  for (const auto& part : {race_options(), run_options(), fleet_options(), model_options(),
                           measure_options(), plan_options(), predict_options()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  // Sections of one name stay together, in the order in which each appears first.
  std::vector<Option> grouped;
  for (const auto& section : {"race", "run", "fleet", "model", "optimizer", "server", "worker",
                              "stop", "simulate", "predict", "measure", "plan", "output"}) {
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(grouped), [&](const Option& row) {
      return row.key.compare(0, row.key.find('.'), section) == 0;
    });
  }
  return grouped;
}

/// Text of a user ends up in JSON and TOML: it must be UTF-8 on one line.
void check_text(const std::string& text, const std::string& where) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  try {
    if (!control) static_cast<void>(nlohmann::json(text).dump());
  } catch (const nlohmann::json::type_error&) {
    throw ConfigError(where + ": the text is not valid UTF-8");
  }
  if (control) throw ConfigError(where + ": the text holds a control character");
}

/// Digits that no number of 64 bits holds.
bool is_too_large(std::string digits) {
  std::erase(digits, '_');
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  return stop == end && error == std::errc::result_out_of_range;
}

struct Reader {
  const Option& option;
  std::string_view text;
  const std::string& where;

  void operator()(bool* place) const {
    if (text == "true" || text == "false") {
      *place = text == "true";
      return;
    }
    throw ConfigError(where + " must be true or false, not '" + std::string(text) + "'");
  }
  void operator()(std::uint64_t* place) const { *place = whole(option.largest); }
  void operator()(std::uint32_t* place) const {
    *place = static_cast<std::uint32_t>(
        whole(std::min<std::uint64_t>(option.largest, std::numeric_limits<std::uint32_t>::max())));
  }
  void operator()(double* place) const { *place = number(text); }
  void operator()(std::string* place) const {
    const std::string value(text);
    check_text(value, where);
    const auto& choices = option.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
      std::string message = where + " can't be '" + value + "'";
      if (const auto near = nearest_name(value, choices)) {
        message += "; did you mean '" + *near + "'?";
      }
      message += " (choices:";
      for (const auto& choice : choices) message += " " + choice;
      throw ConfigError(message + ")");
    }
    *place = value;
  }
  void operator()(std::vector<std::string>* place) const {
    check_text(std::string(text), where);
    auto texts = split_outside_brackets(text, ',');
    if (std::find(texts.begin(), texts.end(), "") != texts.end()) {
      throw ConfigError(where + " holds an empty text between its commas");
    }
    *place = std::move(texts);
  }
  void operator()(std::vector<double>* place) const {
    std::vector<double> values;
    for (const auto& piece : split_outside_brackets(text, ',')) values.push_back(number(piece));
    *place = values;
  }

  [[nodiscard]] std::uint64_t whole(std::uint64_t largest) const {
    if (is_too_large(std::string(text))) throw too_large(largest, std::string(text));
    const std::uint64_t value = parse_whole(text, where);
    if (value == 0 && option.range == Range::positive) {
      throw ConfigError(where + " must be at least 1, not 0");
    }
    if (value > largest) throw too_large(largest, std::to_string(value));
    return value;
  }
  [[nodiscard]] ConfigError too_large(std::uint64_t largest, const std::string& value) const {
    return ConfigError(where + " must be at most " + std::to_string(largest) + ", not " + value);
  }
  [[nodiscard]] double number(std::string_view digits) const {
    const double value = parse_number(digits, where);
    if (option.range == Range::positive && !(value > 0)) {
      throw ConfigError(where + " must be above 0, not " + std::string(digits));
    }
    if (option.range == Range::non_negative && !(value >= 0)) {
      throw ConfigError(where + " must not be negative, not " + std::string(digits));
    }
    return value;
  }
};

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> table = all_options();
  return table;
}

const Option& find_option(std::string_view key) {
  std::vector<std::string> keys;
  std::string tail_match;
  for (const auto& option : options()) {
    if (option.key == key) return option;
    keys.push_back(option.key);
    // A name without its section, or in the wrong one, is the commonest slip.
    const std::string_view name = std::string_view(option.key).substr(option.key.find('.') + 1);
    const auto dot = key.rfind('.');
    if (name == (dot == key.npos ? key : key.substr(dot + 1))) tail_match = option.key;
  }
  std::string message = "unknown key '" + std::string(key) + "'";
  if (!tail_match.empty()) {
    message += "; did you mean '" + tail_match + "'?";
  } else if (const auto near = nearest_name(key, keys)) {
    message += "; did you mean '" + *near + "'?";
  }
  throw ConfigError(message + " (`syncline list options` prints all keys)");
}

std::string type_name(const Option& option) {
  Settings settings;
  struct Name {
    std::string operator()(bool*) const { return "true or false"; }
    std::string operator()(std::uint32_t*) const { return "whole number"; }
    std::string operator()(std::uint64_t*) const { return "whole number"; }
    std::string operator()(double*) const { return "number"; }
    std::string operator()(std::string*) const { return "text"; }
    std::string operator()(std::vector<std::string>*) const { return "list of texts"; }
    std::string operator()(std::vector<double>*) const { return "list of numbers"; }
  };
  return std::visit(Name{}, option.place(settings));
}

void set_from_text(Settings& settings, const Option& option, std::string_view text,
                   std::string_view where) {
  std::visit(Reader{option, text, std::string(where)}, option.place(settings));
}

}  // namespace syncline
