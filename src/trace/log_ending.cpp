#include "trace/log_ending.hpp"

#include <fstream>

#include <nlohmann/json.hpp>

#include "base/hostile_json.hpp"
#include "base/open_to_read.hpp"
#include "syncline/error.hpp"

namespace syncline {

std::optional<std::string> unfinished_log(const std::filesystem::path& log) {
  std::ifstream file = open_to_read(log, "the event log");
  std::string line, last;
  std::size_t lines = 0;
  for (; std::getline(file, line); ++lines) last.swap(line);
  const auto record = parse_hostile<nlohmann::ordered_json>(last);
  const auto text = [&](const char* key) {
    return record.is_object() && record.contains(key) && record.at(key).is_string()
               ? record.at(key).get<std::string>()
               : std::string();
  };
  if (text("event") == "end") return std::nullopt;
  const std::string what = "'" + log.string() + "' holds only the beginning of its run: ";
  if (lines > 0 && record.is_discarded()) {
    return what + "the log is cut off: line " + std::to_string(lines) +
           " is incomplete and was left out";
  }
  if (text("event") == "cut") return what + text("text");
  return what + "it has no end record, so the run was killed, or its log could not be written, " +
         "or it still goes on";
}

}  // namespace syncline
