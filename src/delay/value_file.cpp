#include "delay/value_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {
namespace {

using nlohmann::json;

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // `<<` sets failbit when there is nothing to copy, so an empty file is told apart by peek; a
  // folder opens but can't be read.
  if (!file) throw DataError("can't open '" + path + "'; check the path and its permissions");
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (file.bad() || text.fail()) throw DataError("can't read '" + path + "': is it a file?");
  return std::move(text).str();
}

[[noreturn]] void refuse_value(const std::string& where, std::string value) {
  // A binary file must not garble the terminal, nor a zero byte cut the message.
  for (char& c : value) c = c >= ' ' && c <= '~' ? c : '?';
  throw DataError(where + ": '" + value + "' is no duration; each must be a finite number above 0");
}

std::vector<double> values_of_text(std::string_view text, const std::string& path) {
  constexpr std::string_view separators = " \t\r\n\v\f,";
  std::vector<double> values;
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (separators.find(text[i]) != std::string_view::npos) {
      line += text[i] == '\n' ? 1 : 0;
      ++i;
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n\v\f,#", i), text.size());
      const std::string_view word = text.substr(i, end - i);
      double value = 0;
      const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), value);
      if (error != std::errc() || stop != word.data() + word.size() || !std::isfinite(value) ||
          !(value > 0)) {
        refuse_value(path + ", line " + std::to_string(line), std::string(word.substr(0, 60)));
      }
      values.push_back(value);
      i = end;
    }
  }
  return values;
}

/// Parses JSON and refuses repeated workers, of which the parser would silently keep the last.
json parse_json(const std::string& text, const std::string& path) {
  std::set<std::string> seen;
  const auto note_key = [&](int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::key && depth == 1 &&
        !seen.insert(parsed.get<std::string>()).second) {
      throw DataError(path + ": worker " + parsed.dump() + " is listed twice");
    }
    return true;
  };
  try {
    return json::parse(text, note_key);
  } catch (const json::exception& error) {
    throw DataError(path + " is no valid JSON (cut short?): " + error.what());
  }
}

/// What a message shows of a wrong value. Only the type of a nested one: printing recurses, and a
/// file may nest deeper than the stack.
std::string excerpt(const json& value) {
  return value.is_structured() ? value.type_name() : value.dump().substr(0, 60);
}

std::vector<double> values_of_json(const json& list, const std::string& where) {
  if (!list.is_array()) {
    throw DataError(where + ": expected a list of numbers, found " + excerpt(list));
  }
  std::vector<double> values;
  for (const json& item : list) {
    const double value = item.is_number() ? item.get<double>() : 0;
    if (!std::isfinite(value) || !(value > 0)) {
      refuse_value(where + ", value " + std::to_string(values.size() + 1), excerpt(item));
    }
    values.push_back(value);
  }
  return values;
}

std::uint32_t worker_of_key(const std::string& key, const std::string& path) {
  std::uint32_t worker = 0;
  std::from_chars(key.data(), key.data() + key.size(), worker);
  if (std::to_string(worker) != key) {
    throw DataError(path + ": '" + key + "' is no worker; keys are \"0\", \"1\", \"2\", ...");
  }
  return worker;
}

}  // namespace

std::vector<double> read_values(const std::string& path) {
  const std::string text = read_text(path);
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool is_list = first != std::string::npos && text[first] == '[';
  auto values = is_list ? values_of_json(parse_json(text, path), path) : values_of_text(text, path);
  if (values.empty()) throw DataError(path + " holds no durations");
  return values;
}

std::unordered_map<std::uint32_t, std::vector<double>> read_service_times(const std::string& path) {
  const json document = parse_json(read_text(path), path);
  if (!document.is_object()) {
    throw DataError(path + R"(: expected an object, {"0": [1.5, 2], "1": [0.5]}, found )" +
                    excerpt(document));
  }
  std::unordered_map<std::uint32_t, std::vector<double>> lists;
  bool any = false;
  for (const auto& [key, list] : document.items()) {
    const std::uint32_t worker = worker_of_key(key, path);
    std::string where = path;
    where += ", worker " + key;
    auto values = values_of_json(list, where);
    any = any || !values.empty();
    lists.emplace(worker, std::move(values));
  }
  if (!any) throw DataError(path + " holds no durations");
  return lists;
}

}  // namespace syncline
