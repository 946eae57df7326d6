#include "top/log_tail.hpp"

#include <algorithm>
#include <chrono>

#include "base/hostile_json.hpp"

namespace syncline {

LogTail::LogTail(std::filesystem::path path)
    : path_(std::move(path)), file_(path_, std::ios::binary) {
  if (!file_) throw DataError("can't open the event log '" + path_.string() + "'");
}

std::vector<nlohmann::ordered_json> LogTail::more(bool& restarted) {
  restarted = std::filesystem::file_size(path_) < read_;
  if (restarted) read_ = lines_ = 0;
  file_.clear();
  file_.seekg(static_cast<std::streamoff>(read_));
  std::vector<nlohmann::ordered_json> records;
  std::string line;
  // A last line without its end is still being written.
  while (std::getline(file_, line) && !file_.eof()) {
    read_ += line.size() + 1;
    ++lines_;
    auto record = parse_hostile<nlohmann::ordered_json>(line);
    if (!record.is_object() || !record.contains("event")) {
      throw DataError("'" + path_.string() + "', line " + std::to_string(lines_) +
                      ", is no record of an event log");
    }
    records.push_back(std::move(record));
  }
  return records;
}

double LogTail::silence() const {
  const auto age =
      std::filesystem::file_time_type::clock::now() - std::filesystem::last_write_time(path_);
  return std::max(0.0, std::chrono::duration<double>(age).count());
}

}  // namespace syncline
