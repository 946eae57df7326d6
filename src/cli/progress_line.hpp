#pragma once

#include <chrono>
#include <string>

#include "syncline/progress.hpp"

namespace syncline {

/// One line on stderr that shows how far the work is and how long it will take, redrawn at most ten
/// times a second and wiped at the end. Draws nothing where stderr is no terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { wipe(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void draw(const std::string& what, double fraction);
  void wipe();

  /// The hooks of a job that may be interrupted; they refer to this line, which must outlive it.
  [[nodiscard]] Progress hooks();

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_;
  bool drawn_ = false;
  Clock::time_point begin_;
  Clock::time_point last_;
};

}  // namespace syncline
