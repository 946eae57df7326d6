#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "trace/update_recorder.hpp"

namespace syncline {

/// Writes an event log: JSON lines, append-only (docs/event-log.md).
///
/// A log that can't be begun throws DataError. Later no write throws: records that find no room (a
/// full disk) wait here and are written when there is some, and news() tells both. What is in the
/// file ends with a whole record all the time. Where more waits than may, the log ends for good,
/// its last record, {"event": "cut", "text"}, says why, and what comes after is passed over.
/// close() throws unless everything is in the file. Not thread-safe.
class EventLog {
 public:
  static constexpr int schema = 1;
  /// Bytes that may wait for room.
  static constexpr std::size_t most_unwritten = std::size_t{64} << 20;

  /// Begins a new log with its head record {"event": "run", "schema", "version", "config"}.
  EventLog(const std::filesystem::path& path, const nlohmann::ordered_json& config);
  /// Continues a log at `offset`: what a crash has written beyond is cut off, and `unwritten`
  /// follows. A shorter file is not the log of that run: DataError.
  EventLog(const std::filesystem::path& path, std::uint64_t offset, std::string unwritten = "");
  /// Writes what can be written.
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  void write(const nlohmann::ordered_json& record);
  void write(const UpdateRecord& record);
  void write_line(const std::string& line);

  /// Hands what has lain here for a while to the operating system, so that others can follow the
  /// log; what finds no room, again now and then. Costs little: to be called all the time.
  void let_follow();
  /// Hands over everything that finds room, makes sure that it outlives the machine, and returns
  /// the length of the file.
  std::uint64_t sync();
  /// What belongs behind that length and is not in the file yet; whole records, unless cut().
  [[nodiscard]] const std::string& unwritten() const { return unwritten_; }
  /// Why the log has ended before its run; empty: it has not.
  [[nodiscard]] const std::string& cut() const { return cut_; }
  /// What has happened to the log since the last call, in words for the user.
  [[nodiscard]] std::vector<std::string> news() { return std::exchange(news_, {}); }

  /// Nothing may be written after it. Throws DataError if the file is not whole.
  void close();

 private:
  using Clock = std::chrono::steady_clock;

  void hand_over();
  /// How much of the first `written` bytes of what waits stays in the file: whole records.
  std::size_t cut_back(std::size_t written);
  void end(const std::string& why);
  [[nodiscard]] std::string name() const { return "the event log '" + path_ + "'"; }
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  int file_ = -1;
  std::uint64_t length_ = 0;  ///< of the file
  std::string unwritten_;
  Clock::time_point flushed_;
  std::string trouble_;  ///< why the last write has failed; empty: it has not
  std::string cut_;
  std::vector<std::string> news_;
};

/// The update record as JSON: {"event": "update", "update", "time", "grads", "idle", "cancelled"}.
[[nodiscard]] nlohmann::ordered_json to_json(const UpdateRecord& record);

}  // namespace syncline
