#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "syncline/options.hpp"
#include "top/log_figures.hpp"
#include "top/log_tail.hpp"

namespace syncline {

/// Follows the event log of a run, of any command and any fleet.
class LogWatch {
 public:
  /// Throws DataError if it can't be opened.
  explicit LogWatch(std::filesystem::path path);

  /// How the run stands as far as the log tells. Throws DataError for what is no event log.
  [[nodiscard]] RunPicture look();
  /// How long nothing has been written, in seconds.
  [[nodiscard]] double silence() const { return tail_.silence(); }
  /// What the log does not tell, in words; empty: everything is there.
  [[nodiscard]] const std::string& shortcoming() const { return shortcoming_; }

 private:
  void take_news();
  void take(const nlohmann::ordered_json& record);
  void begin(const nlohmann::ordered_json& head);

  std::filesystem::path path_;
  LogTail tail_;
  Settings settings_;
  std::unique_ptr<LogFigures> figures_;
  bool may_repeat_ = true;
  std::string shortcoming_;
  std::string outcome_;
  std::optional<Account> account_;  ///< of the tail
  std::map<std::string, std::uint64_t> refused_;
};

}  // namespace syncline
