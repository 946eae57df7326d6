#pragma once

#include <filesystem>

#include <nlohmann/json.hpp>

#include "trace/run_result.hpp"

namespace syncline {

/// A run as its log tells it.
struct LoggedRun {
  nlohmann::ordered_json config;
  RunResult result;
  bool complete = false;  ///< the log has its end record
};

/// Reads a log record by record; a last record that is cut short is left out. Throws DataError with
/// path and line for anything else that is wrong.
[[nodiscard]] LoggedRun read_log(const std::filesystem::path& path);

}  // namespace syncline
