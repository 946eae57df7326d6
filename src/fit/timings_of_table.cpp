#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "fit/timing_table.hpp"
#include "fit/worker_names.hpp"
#include "syncline/error.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

constexpr std::size_t most_without_header = 3;
constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The fields of a line; a field in double quotes may hold commas.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  for (auto& field : fields) field = std::string(trimmed(field));
  return fields;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string shown(std::string_view field) {
  std::string text(field.substr(0, 60));
  // A binary file must not garble the terminal.
  for (char& c : text) c = c >= ' ' && c <= '~' ? c : '?';
  return "'" + text + "'";
}

std::optional<double> number_of(std::string_view field) {
  double value = 0;
  if (field.starts_with('+')) field.remove_prefix(1);
  const auto [stop, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || stop != field.data() + field.size()) return std::nullopt;
  return value;
}

/// Where the columns are. Without a header: worker, seconds, censored.
struct Columns {
  std::size_t worker = 0;
  std::size_t seconds = 1;
  std::size_t censored = 2;
  std::size_t start = none;
};

class TableReader {
 public:
  explicit TableReader(std::string where) : where_(std::move(where)) {}

  void take(std::string_view line, bool unfinished) {
    ++line_;
    line = trimmed(line);
    if (line.empty() || line.front() == '#') return;
    const auto fields = fields_of(line);
    if (!seen_any_) {
      seen_any_ = true;
      if (take_header(fields)) return;
    }
    try {
      take_row(fields);
    } catch (const DataError&) {
      // Half a record at the end of a file that was cut off; a file of nothing else is wrong.
      if (!unfinished || jobs_.empty()) throw;
      warnings_.push_back("the file is cut off: line " + std::to_string(line_) +
                          " is incomplete and was left out");
    }
  }

  Timings finish() {
    if (gaps_ > 0) {
      warnings_.push_back(std::to_string(gaps_) + " lines lack a worker or a time (the first is " +
                          "line " + std::to_string(first_gap_) + "); they are left out");
    }
    if (jobs_.empty()) {
      throw DataError(
          where_ + " holds no step time" +
          (gaps_ > 0 ? ": all lines lack a worker or a time" : "; write lines `worker,seconds`"));
    }
    Timings timings = number_workers(std::move(jobs_), names_);
    timings.warnings.insert(timings.warnings.begin(), warnings_.begin(), warnings_.end());
    return timings;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw DataError(where_ + ", line " + std::to_string(line_) + ": " + why);
  }

  bool take_header(const std::vector<std::string>& fields) {
    Columns found{none, none, none, none};
    std::string unknown;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::string name = lower(fields[i]);
      std::size_t* column = nullptr;
      if (name == "worker" || name == "worker_id" || name == "rank") column = &found.worker;
      if (name == "seconds" || name == "time" || name == "duration") column = &found.seconds;
      if (name == "censored" || name == "cancelled") column = &found.censored;
      if (name == "start") column = &found.start;
      if (column == nullptr) {
        unknown += (unknown.empty() ? "" : ", ") + shown(fields[i]);
      } else if (*column != none) {
        refuse("the column " + shown(fields[i]) + " is there twice");
      } else {
        *column = i;
      }
    }
    if (found.worker == none && found.seconds == none) return false;
    if (found.worker == none || found.seconds == none) {
      refuse(std::string("the header lacks a column '") +
             (found.worker == none ? "worker" : "seconds") + "'");
    }
    columns_ = found;
    width_ = fields.size();
    if (!unknown.empty()) warnings_.push_back("columns " + unknown + " are not used");
    return true;
  }

  void take_row(const std::vector<std::string>& fields) {
    if (width_ == 0) {
      if (fields.size() < 2) {
        refuse(shown(fields[0]) +
               " is one column; write `worker,seconds` with a comma between them");
      }
      if (fields.size() > most_without_header) {
        refuse("more than three columns need a header that names them");
      }
      width_ = most_without_header;
    }
    if (fields.size() > width_) {
      refuse("has " + std::to_string(fields.size()) + " columns, not " + std::to_string(width_));
    }
    const auto field = [&](std::size_t column) {
      return column < fields.size() ? std::string_view(fields[column]) : std::string_view();
    };
    const std::string_view worker = field(columns_.worker);
    const std::string_view time = field(columns_.seconds);
    if (worker.empty() || time.empty()) {
      if (gaps_++ == 0) first_gap_ = line_;
      return;
    }
    const auto seconds = number_of(time);
    if (!seconds) refuse(shown(time) + " is no number of seconds");
    if (!std::isfinite(*seconds) || !(*seconds > 0)) {
      refuse("the time " + shown(time) + " must be above 0 and finite");
    }
    Timing job{0, std::nan(""), *seconds, censored(field(columns_.censored))};
    if (const auto start = field(columns_.start); !start.empty()) {
      const auto value = number_of(start);
      if (!value || !std::isfinite(*value)) refuse(shown(start) + " is no time of a start");
      job.start = *value;
    }
    job.worker = names_.index(std::string(worker));
    jobs_.push_back(job);
  }

  [[nodiscard]] bool censored(std::string_view field) const {
    const std::string text = lower(std::string(field));
    for (const char* no : {"", "0", "false", "no", "f", "n"}) {
      if (text == no) return false;
    }
    for (const char* yes : {"1", "true", "yes", "t", "y"}) {
      if (text == yes) return true;
    }
    refuse("censored is " + shown(field) +
           "; write 1 (cancelled) or 0 (decimals need a point, not a comma)");
  }

  std::string where_;
  std::size_t line_ = 0;
  bool seen_any_ = false;
  Columns columns_;
  std::size_t width_ = 0;  ///< columns of a row; 0 until the first one
  std::size_t gaps_ = 0;
  std::size_t first_gap_ = 0;
  WorkerNames names_;
  std::vector<Timing> jobs_;
  std::vector<std::string> warnings_;
};

}  // namespace

Timings timings_of_table(std::string_view text, const std::string& where) {
  TableReader reader(where);
  while (!text.empty()) {
    const auto end = text.find('\n');
    reader.take(text.substr(0, end), end == std::string_view::npos);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return reader.finish();
}

}  // namespace syncline
