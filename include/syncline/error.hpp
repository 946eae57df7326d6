#pragma once

#include <stdexcept>
#include <string>

namespace syncline {

/// What the process returns. Documented in docs/command-line.md; scripts may rely on it.
enum class ExitCode : int {
  done = 0,
  target_missed = 1,
  usage = 2,         ///< bad usage or configuration
  data = 3,          ///< unreadable data or model, or output that can't be written
  internal = 70,     ///< a broken invariant: our bug, or a broken policy
  interrupted = 130  ///< Ctrl-C; what was measured so far has been reported
};

/// Base of all errors that a user can mend. The message says what is wrong, where, and what to do.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ExitCode exit_code() const { return code_; }

 private:
  ExitCode code_;
};

/// A wrong option, key, name, number or combination.
class ConfigError : public Error {
 public:
  explicit ConfigError(const std::string& message) : Error(ExitCode::usage, message) {}
};

/// A file that is missing, truncated, corrupt, or can't be written.
class DataError : public Error {
 public:
  explicit DataError(const std::string& message) : Error(ExitCode::data, message) {}
};

/// A broken invariant: the run stops with the evidence. Never caught to go on.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace syncline
