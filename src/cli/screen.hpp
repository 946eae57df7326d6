#pragma once

#include <optional>
#include <string>
#include <termios.h>
#include <vector>

#include "top/render.hpp"

namespace syncline {

/// The terminal as a page that is drawn over. Begins a page of its own and hears single keys; at
/// its end the terminal is as it was. REQUIRES: stdout is a terminal. One at a time.
class TerminalPage {
 public:
  TerminalPage();
  ~TerminalPage();
  TerminalPage(const TerminalPage&) = delete;
  TerminalPage& operator=(const TerminalPage&) = delete;

  /// As it is now.
  [[nodiscard]] ViewSize size() const;
  /// Line over line, in one write, so that nothing flickers. Throws DataError as print() does.
  void show(const std::vector<std::string>& lines);
  /// Waits for a key; nullopt after so many seconds, and when a signal has come: a new size of
  /// the window, or the end.
  [[nodiscard]] std::optional<char> key(double seconds);

 private:
  std::optional<termios> before_;  ///< nothing if stdin is no terminal: then there are no keys
};

}  // namespace syncline
