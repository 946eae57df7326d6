#include "cli/screen.hpp"

#include <csignal>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/console.hpp"

namespace syncline {
namespace {

constexpr const char* begin_page = "\033[?1049h\033[?25l";
constexpr const char* end_page = "\033[?25h\033[?1049l";
constexpr const char* home = "\033[H";
constexpr const char* clear_rest_of_line = "\033[K";
constexpr const char* clear_rest_of_page = "\033[J";

}  // namespace

TerminalPage::TerminalPage() {
  termios keys{};
  if (tcgetattr(STDIN_FILENO, &keys) == 0) {
    before_ = keys;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  }
  // That it comes is enough: it ends the wait for a key.
  std::signal(SIGWINCH, [](int) {});
  print(begin_page);
}

TerminalPage::~TerminalPage() {
  if (before_) tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  try {
    print(end_page);
  } catch (const std::exception&) {
    // The terminal is gone.
  }
}

ViewSize TerminalPage::size() const {
  winsize window{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) {
    return {80, 24};
  }
  return {window.ws_col, window.ws_row};
}

void TerminalPage::show(const std::vector<std::string>& lines) {
  std::string page = home;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    // No line end after the last one: on the lowest line it would scroll.
    page += (i > 0 ? "\r\n" : "") + lines[i] + clear_rest_of_line;
  }
  print(page + clear_rest_of_page);
}

std::optional<char> TerminalPage::key(double seconds) {
  pollfd keys{STDIN_FILENO, POLLIN, 0};
  const int ready = poll(&keys, before_ ? 1 : 0, static_cast<int>(1000 * seconds));
  if (ready <= 0) return std::nullopt;
  char key = 0;
  // A terminal that is gone is like the end.
  return read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

}  // namespace syncline
