// How soon `serve` knows that a worker was killed or stopped, by the times in the log of the run.

#include "transport/notice.hpp"

#include <csignal>
#include <memory>
#include <unistd.h>

#include <doctest/doctest.h>

#include "cli/process.hpp"

namespace syncline {
namespace {

/// Three workers; the first gets a signal, and the run ends when it has got on without it.
void check_notice(const std::string& heartbeat, int signal, double longest) {
  CAPTURE(heartbeat);
  CAPTURE(signal);
  const TemporaryFolder folder;
  const auto path = [&](const std::string& name) { return (folder.path() / name).string(); };
  Process server({"serve",
                  "--json",
                  "--listen",
                  "127.0.0.1:0",
                  "--workers",
                  "3",
                  "--model",
                  "quadratic(dimension=50)",
                  "--policy",
                  "async",
                  "--step-size",
                  "0.01",
                  "--inject-delay",
                  "exponential(rate=500)",
                  "--time",
                  "1000000",
                  "--evaluate-every",
                  "1000000",
                  "--heartbeat",
                  heartbeat,
                  "--log",
                  path("log"),
                  "--save-model",
                  path("model.safetensors")});
  const std::string address = server.await("listening at ");
  std::vector<std::unique_ptr<Process>> workers;
  for (int i = 0; i < 3; ++i) {
    workers.push_back(
        std::make_unique<Process>(std::vector<std::string>{"work", "--server", address}));
  }
  server.await(") is up", 3);
  workers[0]->signal(signal);
  server.await(") is down");
  for (int looks = 0; !testing::goes_on_after_death(path("log")); ++looks) {
    REQUIRE(looks < 6000);
    usleep(10'000);
  }
  server.signal(SIGINT);
  const Ended ended = server.ended();
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);

  const auto notices = testing::notices_of(folder.path() / "log");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0] < longest);
  const Ended again =
      syncline_run({"replay", "log", "--save-model", "again.safetensors", "--json"}, folder.path());
  CAPTURE(again.err);
  CHECK(again.exit == 0);
  CHECK(read_text(path("again.safetensors")) == read_text(path("model.safetensors")));
}

TEST_CASE("a worker that is killed is down within a second, since its connection is gone") {
  // Three of these heartbeats are 9 s: silence alone would be noticed too late.
  check_notice("3", SIGKILL, testing::longest_notice_of_death);
}

TEST_CASE("a worker that is stopped is down after three heartbeats") {
  check_notice("0.2", SIGSTOP, testing::longest_notice_of_stop);
}

}  // namespace
}  // namespace syncline
