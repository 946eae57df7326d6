#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "cli/program.hpp"

namespace syncline {

/// A command line.
using Words = std::vector<std::string>;
[[nodiscard]] inline Words joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The program under test, running beside the test; killed at the end if it still does.
class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Waits until stderr holds `text` so often, and returns what follows it on that line. Throws if
  /// the process ends first, or after a time that means that something hangs.
  std::string await(const std::string& text, int times = 1);
  void signal(int number) const;
  /// Waits for its end.
  Ended ended();
  [[nodiscard]] pid_t id() const { return process_; }
  [[nodiscard]] std::string err() const { return read_text(folder_.path() / "err"); }

 private:
  /// Whether it has ended; does not wait.
  bool has_ended();

  TemporaryFolder folder_;
  pid_t process_ = -1;
  bool over_ = false;
  int status_ = 0;
};

}  // namespace syncline
