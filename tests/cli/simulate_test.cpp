#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

const std::vector<std::string> short_run = {SYNCLINE_PROGRAM, "simulate",  "--policy",
                                            "k-async(k=4)",   "--workers", "8",
                                            "--updates",      "2000",      "--json"};

/// A run that would last for years, and the log that tells when it has begun.
Start endless_run(const std::filesystem::path& log) {
  Start start;
  start.words = {SYNCLINE_PROGRAM, "simulate", "--updates", "1e15",
                 "--json",         "--log",    log.string()};
  return start;
}

void wait_for(const std::filesystem::path& file) {
  while (!std::filesystem::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_CASE("simulate --json prints exactly one object with the keys of the contract") {
  Start start;
  start.words = short_run;
  const Ended ended = run(start);
  CHECK(ended.exit == 0);
  CHECK(ended.err.empty());
  const Json result = Json::parse(ended.out);
  for (const char* key :
       {"policy", "workers", "updates", "elapsed", "runtime_per_update", "staleness",
        "fresh_fraction", "fresh_fraction_by_position", "idle_fraction", "cancelled_time_fraction",
        "cancelled_job_fraction", "gradients", "startup_excluded"}) {
    CAPTURE(key);
    CHECK(result.contains(key));
  }
  for (const char* key : {"mean", "stderr"}) CHECK(result["runtime_per_update"].contains(key));
  for (const char* key : {"mean", "max", "histogram"}) CHECK(result["staleness"].contains(key));
  for (const char* key :
       {"started", "computed", "applied", "dropped", "held", "cancelled", "in_flight"}) {
    CHECK(result["gradients"].contains(key));
  }
  CHECK(result["workers"] == 8);
  CHECK(result["updates"] == 2000);
}

TEST_CASE("simulate run twice with one seed prints the same bytes, with another seed others") {
  Start start;
  start.words = short_run;
  const std::string first = run(start).out;
  CHECK(run(start).out == first);
  start.words.insert(start.words.end(), {"--seed", "2"});
  CHECK(run(start).out != first);
}

TEST_CASE("simulate without --json prints a table and no colour into a file") {
  const Ended ended = syncline_run({"simulate", "--updates", "500"});
  CHECK(ended.exit == 0);
  CHECK(ended.out.find("time per update") != std::string::npos);
  CHECK(ended.out.find('\033') == std::string::npos);
  CHECK(ended.err.empty());
}

TEST_CASE("result that can't be written, full disk or closed pipe, is exit status 3") {
  Start start;
  start.words = short_run;
  start.standard_output = open("/dev/full", O_WRONLY | O_CLOEXEC);
  const Ended full = run(start);
  close(start.standard_output);
  CHECK(full.exit == 3);
  CHECK(full.err.find("standard output") != std::string::npos);

  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  close(ends[0]);
  start.standard_output = ends[1];
  const Ended closed = run(start);
  close(ends[1]);
  CHECK(closed.exit == 3);
  CHECK(closed.signal == 0);
  CHECK(closed.err.find("Broken pipe") != std::string::npos);
}

TEST_CASE("simulate interrupted once ends with 130 and what it has measured so far") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TemporaryFolder folder;
    Start start = endless_run(folder.path() / "run.jsonl");
    start.meanwhile = [&](pid_t process) {
      wait_for(folder.path() / "run.jsonl");
      kill(process, signal);
    };
    const Ended ended = run(start);
    CHECK(ended.exit == 130);
    const Json result = Json::parse(ended.out);
    CHECK(result["interrupted"] == true);
    CHECK(result["updates"].get<double>() < 1e15);
  }
}

TEST_CASE("simulate interrupted twice is killed by the second signal") {
  const TemporaryFolder folder;
  Start start = endless_run(folder.path() / "run.jsonl");
  // Nobody reads this full pipe, so after the first signal the program can't end by itself.
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  const std::string filling(4096, 'x');
  while (write(ends[1], filling.data(), filling.size()) > 0) {
  }
  fcntl(ends[1], F_SETFL, 0);
  start.standard_output = ends[1];
  start.meanwhile = [&](pid_t process) {
    wait_for(folder.path() / "run.jsonl");
    // Two signals close together may be delivered as one, hence more of them until it has gone.
    siginfo_t ended{};
    while (ended.si_pid == 0) {
      kill(process, SIGINT);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT);
    }
  };
  const Ended ended = run(start);
  close(ends[0]);
  close(ends[1]);
  CHECK(ended.signal == SIGINT);
}

}  // namespace
}  // namespace syncline
