#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "trace/update_recorder.hpp"

namespace syncline {

/// Writes an event log: JSON lines, append-only (docs/event-log.md). Every write is checked; an
/// error (a full disk) throws DataError. Not thread-safe.
class EventLog {
 public:
  static constexpr int schema = 1;

  /// Begins a new log with its head record {"event": "run", "schema", "version", "config"}.
  EventLog(const std::filesystem::path& path, const nlohmann::ordered_json& config);
  /// Continues a log at `offset`: what a crash has written beyond is cut off. A shorter file is not
  /// the log of that run: DataError.
  EventLog(const std::filesystem::path& path, std::uint64_t offset);

  void write(const nlohmann::ordered_json& record);
  void write(const UpdateRecord& record);
  void write_line(const std::string& line);

  /// Hands everything to the operating system and returns the length so far.
  std::uint64_t flush();
  /// Does so with what has lain here for a while, so that others can follow the log. Costs little:
  /// to be called all the time.
  void let_follow();
  /// Makes sure besides that it outlives the machine.
  std::uint64_t sync();

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  bool waiting_ = false;  ///< something was written since the last flush
  std::chrono::steady_clock::time_point flushed_;
  std::unique_ptr<std::FILE, Closer> file_;
};

/// The update record as JSON: {"event": "update", "update", "time", "grads", "idle", "cancelled"}.
[[nodiscard]] nlohmann::ordered_json to_json(const UpdateRecord& record);

}  // namespace syncline
