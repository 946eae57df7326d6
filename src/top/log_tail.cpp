#include "top/log_tail.hpp"

#include <algorithm>
#include <chrono>

#include "base/hostile_json.hpp"
#include "base/open_to_read.hpp"

namespace syncline {

LogTail::LogTail(std::filesystem::path path)
    : path_(std::move(path)), file_(open_to_read(path_, "the event log")) {}

std::vector<nlohmann::ordered_json> LogTail::more(bool& restarted) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  if (error) throw lost(error);
  restarted = size < read_;
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
  std::error_code error;
  const auto written = std::filesystem::last_write_time(path_, error);
  if (error) throw lost(error);
  const auto age = std::filesystem::file_time_type::clock::now() - written;
  return std::max(0.0, std::chrono::duration<double>(age).count());
}

DataError LogTail::lost(const std::error_code& why) const {
  return DataError("can't follow the event log '" + path_.string() + "': " + why.message());
}

}  // namespace syncline
