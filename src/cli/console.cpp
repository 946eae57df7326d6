#include "cli/console.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

bool is_terminal(int file) {
  const char* terminal = std::getenv("TERM");
  return isatty(file) == 1 && (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
}

/// https://no-color.org: any value but the empty one turns colour off.
bool has_colour(int file) {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_terminal(file) && (no_colour == nullptr || *no_colour == '\0');
}

void say(std::string_view label, const char* colour, std::string_view text) {
  std::string line = "syncline: ";
  if (!label.empty()) {
    line +=
        stderr_has_colour() ? colour + std::string(label) + "\033[0m: " : std::string(label) + ": ";
  }
  line += text;
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void print(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    throw DataError(std::string("can't write the result to standard output: ") +
                    std::strerror(errno));
  }
}

void print_error(std::string_view text) { say("error", "\033[1;31m", text); }
void print_warning(std::string_view text) { say("warning", "\033[1;33m", text); }
void print_note(std::string_view text) { say("", "", text); }

bool stdout_is_terminal() { return is_terminal(STDOUT_FILENO); }
bool stdout_has_colour() { return has_colour(STDOUT_FILENO); }
bool stderr_has_colour() { return has_colour(STDERR_FILENO); }
bool stderr_is_terminal() { return is_terminal(STDERR_FILENO); }

}  // namespace syncline
