#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

constexpr const char* small_race = R"toml(
[race]
title = "small"
policies = ["sync", "async"]
seeds = 2
step_sizes = "same"
[fleet]
workers = 4
[model]
workload = "quadratic(dimension=10)"
[optimizer]
step_size = 0.1
[stop]
metric = "test_loss"
target = 1
time = 100
evaluate_every = 1
)toml";

TEST_CASE("race from a file prints one document and writes page and document") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", small_race);
  const Ended ended = syncline_run({"race", "--config", file, "--json"}, folder.path());
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  CHECK(ended.err.empty());
  const Json document = Json::parse(ended.out);
  CHECK(document["kind"] == "race");
  CHECK(document["title"] == "small");
  REQUIRE(document["settings"].size() == 1);
  REQUIRE(document["settings"][0]["policies"].size() == 2);
  CHECK(Json::parse(read_text(folder.path() / "syncline-out/small.json")) == document);
  CHECK(read_text(folder.path() / "syncline-out/small.html").find("<html") != std::string::npos);
}

TEST_CASE("race whose target nobody reaches ends with 1") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", small_race);
  const Ended ended = syncline_run(
      {"race", "--config", file, "--target", "1e-9", "--report", "none", "--save", "none"},
      folder.path());
  CAPTURE(ended.err);
  CHECK(ended.exit == 1);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "syncline-out"));
}

TEST_CASE("race in which one policy diverges says at which update, and goes on with the others") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", small_race);
  // The largest eigenvalue is 1: a step of 1.5 is stable without staleness, and far from it with a
  // mean staleness of 3.
  const Ended ended = syncline_run({"race", "--config", file, "--step-size", "1.5", "--json",
                                    "--time", "1000", "--report", "none", "--save", "none"},
                                   folder.path());
  CAPTURE(ended.err);
  const Json policies = Json::parse(ended.out)["settings"][0]["policies"];
  REQUIRE(policies.size() == 2);
  CHECK(policies[0]["diverged"].empty());
  REQUIRE(policies[1]["diverged"].size() == 2);
  CHECK(policies[1]["diverged"][0]["update"].get<double>() > 0);
}

TEST_CASE("race whose folder can't be made says so, and why") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", small_race);
  static_cast<void>(folder.write("syncline-out", "no folder"));
  const Ended ended = syncline_run({"race", "--config", file}, folder.path());
  CAPTURE(ended.err);
  CHECK(ended.exit == 3);
  CHECK(ended.err.find("can't make the folder 'syncline-out' here: ") != std::string::npos);
}

TEST_CASE("race interrupted from its first moment on ends with 130 and says what there is") {
  const TemporaryFolder folder;
  const std::string file = folder.write("race.toml", small_race);
  Start start;
  start.folder = folder.path();
  start.words = {SYNCLINE_PROGRAM, "race", "--config", file, "--time", "1e9", "--target", "1e-9"};
  // Ignored, as the program finds it, until the program itself listens for it.
  const auto before = std::signal(SIGUSR1, SIG_IGN);
  start.meanwhile = [](pid_t process) {
    siginfo_t ended{};
    while (ended.si_pid == 0) {
      kill(process, SIGUSR1);
      usleep(200);
      waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT);
    }
  };
  const Ended ended = run(start);
  std::signal(SIGUSR1, before);
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);
  const bool nothing = ended.err.find("nothing was measured or written") != std::string::npos;
  CHECK(nothing != (ended.out.find("Interrupted: ") != std::string::npos));
  CHECK(nothing != std::filesystem::exists(folder.path() / "syncline-out/small.json"));
}

}  // namespace
}  // namespace syncline
