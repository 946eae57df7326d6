#include <fstream>
#include <sstream>

#include "fit/timing_table.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw DataError("'" + path.string() + "' is a folder; name the file of step times in it");
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw DataError("can't open '" + path.string() + "'; check the path and its permissions");
  }
  std::ostringstream text;
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (file.bad() || text.fail()) throw DataError("can't read '" + path.string() + "'");
  return std::move(text).str();
}

}  // namespace

Timings read_timings(const std::filesystem::path& path) {
  const std::string content = read_all(path);
  const std::string where = "'" + path.string() + "'";
  std::string_view text = content;
  // Spreadsheets begin UTF-8 with a byte order mark.
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) {
    throw DataError(where + " is no text: it holds a zero byte (a binary file, or UTF-16?)");
  }
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) throw DataError(where + " is empty");
  Timings timings =
      text[first] == '{' ? timings_of_log(text, where) : timings_of_table(text, where);
  check_timings(timings);
  return timings;
}

}  // namespace syncline
