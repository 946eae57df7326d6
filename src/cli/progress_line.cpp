#include "cli/progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/console.hpp"
#include "cli/interrupt.hpp"

namespace syncline {
namespace {

constexpr int bar_width = 24;

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

std::string as_duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  char text[32];
  if (whole >= 3600) {
    std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
  } else if (whole >= 60) {
    std::snprintf(text, sizeof text, "%ld min %02ld s", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld s", whole);
  }
  return text;
}

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(stderr_is_terminal()),
      begin_(Clock::now()),
      last_(begin_ - std::chrono::seconds(1)) {}

void ProgressLine::draw(const std::string& what, double fraction) {
  if (!terminal_) return;
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const auto full = static_cast<int>(fraction * bar_width);
  std::string line = "[" + std::string(full, '#') + std::string(bar_width - full, '.') + "] " +
                     std::to_string(static_cast<int>(fraction * 100)) + " %";
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  // The first moments say little about the rest.
  if (fraction > 0.01 && elapsed > 1) {
    line += ", " + as_duration(elapsed / fraction * (1 - fraction)) + " left";
  }
  line += "  " + what;
  line.resize(std::min(line.size(), terminal_width() - 1));
  std::fprintf(stderr, "\r%s\033[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressLine::wipe() {
  if (!drawn_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

Progress ProgressLine::hooks() {
  Progress progress;
  progress.report = [this](const std::string& what, double fraction) { draw(what, fraction); };
  progress.warning = [this](const std::string& text) {
    wipe();
    print_warning(text);
  };
  progress.interrupted = &watch_interrupts(Warning::heeded);
  return progress;
}

}  // namespace syncline
