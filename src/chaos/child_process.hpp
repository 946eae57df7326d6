#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace syncline {

/// How to start a program.
struct ChildStart {
  std::vector<std::string> words;  ///< the program's path, then its arguments
  std::filesystem::path out, err;  ///< files that its output is appended to
  int network = -1;                ///< network namespace to run in, a file descriptor; -1: ours
};

/// How a process has ended: one of both is set.
struct ChildEnd {
  int status = -1;  ///< exit status; -1: a signal has ended it
  int signal = 0;   ///< that signal
};

/// Another process of this program. It is killed with this object, and by the kernel if this
/// process dies first. It has no open file of ours, and does not get the terminal's Ctrl-C. Not
/// thread-safe.
class ChildProcess {
 public:
  /// Starts it; call from the main thread, whose end would be the child's. Throws DataError.
  explicit ChildProcess(const ChildStart& start);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// To one that has ended: nothing.
  void signal(int number);
  /// How it has ended, if it has; does not wait.
  [[nodiscard]] const std::optional<ChildEnd>& end();
  [[nodiscard]] pid_t id() const { return id_; }

 private:
  pid_t id_ = -1;
  std::optional<ChildEnd> end_;
};

/// The file of the program that runs: what "the same program" means.
[[nodiscard]] std::string own_program();

}  // namespace syncline
