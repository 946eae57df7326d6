#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// A bare chroot has no /dev/pts; there is nothing to look at then.
bool machine_has_terminals() {
  const int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (screen >= 0) close(screen);
  if (screen < 0) MESSAGE("this machine has no pseudo-terminals (/dev/pts is not mounted)");
  return screen >= 0;
}

/// What the program shows on a terminal that its stderr is connected to.
std::string shown(const std::vector<std::string>& environment,
                  const std::vector<std::string>& arguments) {
  const int screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(screen >= 0);
  REQUIRE(grantpt(screen) == 0);
  REQUIRE(unlockpt(screen) == 0);
  Start start;
  start.standard_error = open(ptsname(screen), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(start.standard_error >= 0);
  start.words = {"/usr/bin/env", "TERM=xterm"};
  start.words.insert(start.words.end(), environment.begin(), environment.end());
  start.words.push_back(SYNCLINE_PROGRAM);
  start.words.insert(start.words.end(), arguments.begin(), arguments.end());
  static_cast<void>(run(start));
  fcntl(screen, F_SETFL, O_NONBLOCK);
  std::string text(65536, '\0');
  const ssize_t length = read(screen, text.data(), text.size());
  close(start.standard_error);
  close(screen);
  text.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return text;
}

TEST_CASE("error on a terminal is coloured, unless NO_COLOR is set or the terminal is dumb") {
  if (!machine_has_terminals()) return;
  const std::vector<std::string> wrong = {"simulate", "--policy", "nonsense"};
  CHECK(shown({"NO_COLOR="}, wrong).find("\033[1;31merror") != std::string::npos);
  for (const char* variable : {"NO_COLOR=1", "TERM=dumb"}) {
    const std::string text = shown({variable}, wrong);
    CHECK(text.find("syncline: error: ") == 0);
    CHECK(text.find('\033') == std::string::npos);
  }
}

TEST_CASE("progress on a terminal is one line, drawn over and wiped at the end") {
  if (!machine_has_terminals()) return;
  const std::string text = shown({}, {"simulate", "--updates", "2000000", "--json"});
  REQUIRE(text.find('%') != std::string::npos);
  CHECK(text.find('\n') == std::string::npos);
  const std::string wipe = "\r\033[K";
  CHECK(text.substr(text.size() - wipe.size()) == wipe);
}

}  // namespace
}  // namespace syncline
