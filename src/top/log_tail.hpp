#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "syncline/error.hpp"

namespace syncline {

/// Reads an event log as it grows: whole records only. Where the log was cut back, as a resumed run
/// does, it begins again.
class LogTail {
 public:
  /// Throws DataError if the file can't be opened.
  explicit LogTail(std::filesystem::path path);

  /// The records that are new. `restarted` is set if they begin at the head once more. Throws
  /// DataError, with path and line, for a line that is not JSON, and where the file has gone.
  [[nodiscard]] std::vector<nlohmann::ordered_json> more(bool& restarted);

  /// How long ago the file last changed, in seconds.
  [[nodiscard]] double silence() const;

 private:
  [[nodiscard]] DataError lost(const std::error_code& why) const;

  std::filesystem::path path_;
  std::ifstream file_;
  std::uintmax_t read_ = 0;  ///< bytes of whole records
  std::size_t lines_ = 0;
};

}  // namespace syncline
