#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace syncline {

/// How a program that a test has started came to its end.
struct Ended {
  int exit = -1;   ///< exit status; -1 if a signal killed it
  int signal = 0;  ///< the signal that killed it; 0 if none did
  std::string out;
  std::string err;
};

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file into the folder and returns its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

/// How to start a program.
struct Start {
  std::vector<std::string> words;        ///< program and arguments
  std::filesystem::path folder = ".";    ///< working directory
  int standard_output = -1;              ///< a file descriptor; -1: catch it in Ended::out
  int standard_error = -1;               ///< the same with Ended::err
  std::function<void(pid_t)> meanwhile;  ///< called while the program runs
};

/// Runs a program to its end. stdin is empty; stdout and stderr are files, not terminals.
[[nodiscard]] Ended run(const Start& start);

/// Runs the program under test with these arguments.
[[nodiscard]] Ended syncline_run(const std::vector<std::string>& arguments,
                                 const std::filesystem::path& folder = ".");

[[nodiscard]] std::string read_text(const std::filesystem::path& file);

}  // namespace syncline
