// The program as it is shipped: `top` on logs and on running runs, metrics included.

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "cli/program.hpp"
#include "support/free_port.hpp"

namespace syncline {
namespace {

using testing::free_port;
Words training(const Words& more) {
  Words words = {"train",    "--model",     "quadratic(dimension=20)",
                 "--policy", "k-sync(k=3)", "--workers",
                 "4",        "--step-size", "0.01",
                 "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("top on the log of a run that is over: one plain view") {
  const TemporaryFolder folder;
  const Words kinds[] = {
      {"--updates", "40"},
      {"--updates", "40", "--fleet", "threads", "--inject-delay", "exponential(rate=1000)"}};
  for (const Words& kind : kinds) {
    Words words = training(kind);
    words.insert(words.end(), {"--log", "log"});
    const Ended trained = syncline_run(words, folder.path());
    REQUIRE(trained.exit == 0);
    const auto document = nlohmann::json::parse(trained.out);
    for (const Words& flags :
         {Words{"top", "log"}, Words{"top", "log", "--once", "--sort", "p95"}}) {
      const Ended ended = syncline_run(flags, folder.path());
      CAPTURE(ended.out);
      CHECK(ended.exit == 0);
      CHECK(ended.err == "");
      CHECK(holds(ended.out, "k-sync(k=3) on "));
      CHECK(holds(ended.out, "over: finished"));
      CHECK(holds(ended.out, "updates 40 "));
      const auto& gradients = document["settings"][0]["policies"][0]["gradients"];
      CHECK(holds(ended.out, "gradients: " + gradients["applied"].dump() + " applied"));
      CHECK(holds(ended.out, gradients["cancelled"].dump() + " cancelled"));
      CHECK_FALSE(holds(ended.out, "\033"));
    }
  }
}

TEST_CASE("top follows a run by its metrics and by its log while it goes on") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  const std::string port = free_port();
  const std::string address = "127.0.0.1:" + port;
  Process run(training({"--fleet", "threads", "--inject-delay", "exponential(rate=100)", "--time",
                        "100000", "--log", log, "--metrics-port", port}));
  // Both say more and more. Of the log it is seen that it grows without any end of the run.
  const auto updates = [&](const Words& words) -> long {
    const Ended ended = syncline_run(words);
    const auto at = ended.out.find("\nupdates ");
    return ended.exit == 0 && at != std::string::npos ? std::stol(ended.out.substr(at + 9)) : -1;
  };
  for (const Words& words : {Words{"top", "--metrics", address}, Words{"top", log}}) {
    long last = -1;
    for (int seen = 0; seen < 3;) {
      const long now = updates(words);
      if (now > last && now > 0) ++seen;
      last = std::max(last, now);
    }
  }
  const Ended view = syncline_run({"top", "--metrics", address});
  CAPTURE(view.out);
  CHECK(holds(view.out, "k-sync(k=3) on threads"));
  CHECK(holds(view.out, "4 workers: "));
  run.signal(SIGINT);
  CHECK(run.ended().exit == 130);
  CHECK(syncline_run({"top", "--metrics", address}).exit == 3);
  CHECK(holds(syncline_run({"top", log}).out, "over: interrupted"));
}

TEST_CASE("a replay has metrics, too, and methods without a server have none") {
  const TemporaryFolder folder;
  Words words = training({"--fleet", "threads", "--updates", "20", "--log", "log"});
  REQUIRE(syncline_run(words, folder.path()).exit == 0);
  const Ended replayed =
      syncline_run({"replay", "log", "--metrics-port", free_port(), "--json"}, folder.path());
  CAPTURE(replayed.err);
  CHECK(replayed.exit == 0);
  const Ended elsewhere = syncline_run(
      {"replay", "log", "--metrics-port", free_port(), "--metrics-host", "203.0.113.7"},
      folder.path());
  CHECK(elsewhere.exit == 2);
  const Ended nodes =
      syncline_run({"train", "--policy", "dgd", "--model", "quadratic(dimension=20)", "--time", "1",
                    "--metrics-port", free_port()});
  CHECK(nodes.exit == 2);
  CHECK(holds(nodes.err, "no server whose metrics"));
}

TEST_CASE("a port for metrics that is taken ends the run before it begins") {
  const std::string port = free_port();
  Process first(training({"--fleet", "threads", "--time", "100000", "--metrics-port", port}));
  while (syncline_run({"top", "--metrics", "127.0.0.1:" + port}).exit != 0) {
  }
  const Ended second = syncline_run(training({"--time", "1", "--metrics-port", port}));
  CHECK(second.exit == 2);
  CHECK(holds(second.err, "--metrics-port: can't listen at 127.0.0.1:" + port));
}

TEST_CASE("metrics are served at the address that was asked for, and at no other") {
  const std::string port = free_port();
  Process run(training({"--fleet", "threads", "--time", "100000", "--metrics-port", port,
                        "--metrics-host", "127.0.0.2"}));
  while (syncline_run({"top", "--metrics", "127.0.0.2:" + port}).exit != 0) {
  }
  CHECK(syncline_run({"top", "--metrics", "127.0.0.1:" + port}).exit == 3);
  run.signal(SIGINT);
  CHECK(run.ended().exit == 130);
  const Ended elsewhere = syncline_run(
      training({"--time", "1", "--metrics-port", port, "--metrics-host", "203.0.113.7"}));
  CHECK(elsewhere.exit == 2);
  CHECK(holds(elsewhere.err, "can't listen at 203.0.113.7:" + port));
}

TEST_CASE("top, wrong words") {
  const TemporaryFolder folder;
  const auto exit_of = [&](const Words& words) { return syncline_run(words, folder.path()).exit; };
  CHECK(exit_of({"top"}) == 2);
  CHECK(exit_of({"top", "log", "--metrics", "127.0.0.1:1"}) == 2);
  CHECK(exit_of({"top", "missing"}) == 3);
  CHECK(exit_of({"top", "--metrics", "127.0.0.1:1"}) == 3);
  CHECK(exit_of({"top", "missing", "--sort", "wrong"}) == 2);
  CHECK(exit_of({"top", "missing", "--every", "0"}) == 2);
  CHECK(exit_of({"top", folder.write("text", "no log\n")}) == 3);
}

/// `top` on a terminal of this size; keys can be pressed, and what it shows is read.
class Terminal {
 public:
  Terminal(unsigned short columns, unsigned short lines)
      : screen_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (screen_ < 0) return;
    REQUIRE(grantpt(screen_) == 0);
    REQUIRE(unlockpt(screen_) == 0);
    winsize size{};
    size.ws_col = columns;
    size.ws_row = lines;
    REQUIRE(ioctl(screen_, TIOCSWINSZ, &size) == 0);
  }
  ~Terminal() {
    if (screen_ >= 0) close(screen_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  [[nodiscard]] bool is_there() const { return screen_ >= 0; }
  /// Runs `top` there until it ends; `meanwhile` may look and press.
  Ended top(const Words& words, const std::function<void(pid_t)>& meanwhile) {
    Start start;
    start.standard_output = open(ptsname(screen_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    start.words = {"/bin/sh",
                   "-c",
                   "exec \"$@\" < " + std::string(ptsname(screen_)),
                   "sh",
                   "/usr/bin/env",
                   "TERM=xterm",
                   SYNCLINE_PROGRAM};
    start.words.insert(start.words.end(), words.begin(), words.end());
    start.meanwhile = meanwhile;
    const Ended ended = run(start);
    close(start.standard_output);
    return ended;
  }
  /// Waits until this has been shown since the last call, and returns all until then.
  std::string await(const std::string& part) {
    std::string text;
    while (text.find(part) == std::string::npos) {
      char piece[4096];
      const ssize_t length = read(screen_, piece, sizeof piece);
      REQUIRE(length > 0);
      text.append(piece, static_cast<std::size_t>(length));
    }
    return text;
  }
  void press(char key) const { REQUIRE(write(screen_, &key, 1) == 1); }

 private:
  int screen_;
};

TEST_CASE("top on a terminal: a page of its own, in its size, and keys; q leaves it as it was") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  REQUIRE(syncline_run({"simulate", "--workers", "300", "--policy", "async", "--updates", "900",
                        "--log", log})
              .exit == 0);
  // Without its end, as while the run goes on.
  std::string text = read_text(log);
  text.resize(text.rfind("{\"event\":\"end\""));
  const std::string going_on = folder.write("going-on", text);
  Terminal terminal(60, 20);
  if (!terminal.is_there()) {
    MESSAGE("this machine has no pseudo-terminals");
    return;
  }
  for (const bool by_key : {true, false}) {
    const Ended ended = terminal.top({"top", going_on, "--every", "0.1"}, [&](pid_t process) {
      const std::string begin = terminal.await("more\033[K\033[J");
      CHECK(begin.find("\033[?1049h") == 0);
      CHECK(holds(begin, "async on virtual"));
      CHECK(holds(begin, "and 288 more"));
      CHECK(holds(begin, "\033[2m"));
      // Drawn over from the top left, never scrolled.
      const std::string again = terminal.await("more\033[K\033[J");
      CHECK(again.find("\033[H") == 0);
      if (by_key) {
        terminal.press('s');
        terminal.press('q');
      } else {
        kill(process, SIGINT);
      }
      terminal.await("\033[?25h\033[?1049l");
    });
    CHECK(ended.exit == (by_key ? 0 : 130));
  }
}

TEST_CASE("top on a terminal, a run that is over: one view, in colour, and no page of its own") {
  const TemporaryFolder folder;
  REQUIRE(syncline_run({"simulate", "--updates", "50", "--log", "log"}, folder.path()).exit == 0);
  Terminal terminal(200, 50);
  if (!terminal.is_there()) return;
  const Ended over = terminal.top({"top", (folder.path() / "log").string()}, [&](pid_t) {
    const std::string view = terminal.await("over: finished");
    CHECK(view.find("k-async(k=4) on virtual") == 0);
  });
  CHECK(over.exit == 0);
}

}  // namespace
}  // namespace syncline
