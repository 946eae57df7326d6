#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cli/program.hpp"
#include "support/small_disk.hpp"

namespace syncline {
namespace {

using Json = nlohmann::json;

/// A small run that needs no data and ends in a moment, with more arguments.
std::vector<std::string> small_run(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"train",    "--model",      "quadratic(dimension=10)",
                                        "--policy", "k-async(k=4)", "--step-size",
                                        "0.1",      "--metric",     "test_loss",
                                        "--time",   "50",           "--evaluate-every",
                                        "5"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_CASE("train --json prints exactly one document, and nothing on stderr") {
  const Ended ended = syncline_run(small_run({"--json"}));
  CHECK(ended.exit == 0);
  CHECK(ended.err.empty());
  const Json document = Json::parse(ended.out);
  CHECK(document["kind"] == "run");
  CHECK(document["outcome"] == "finished");
  CHECK(document["command"].get<std::string>().find("--model 'quadratic(dimension=10)'") !=
        std::string::npos);
  CHECK(document["config"]["optimizer"]["step_size"] == 0.1);
}

TEST_CASE("train for people prints each evaluation on a line of its own") {
  const Ended ended = syncline_run(small_run({}));
  CHECK(ended.exit == 0);
  CHECK(ended.err.empty());
  CHECK(ended.out.find("train loss\n") != std::string::npos);
  // Evaluations at 0, 5, ..., 50.
  const auto head = ended.out.find('\n');
  const auto table = ended.out.substr(head + 1, ended.out.find("\n\n") - head);
  CHECK(std::count(table.begin(), table.end(), '\n') >= 11);
}

TEST_CASE("train that reaches its target ends with 0, that misses it or diverges with 1") {
  CHECK(syncline_run(small_run({"--target", "1"})).exit == 0);
  CHECK(syncline_run(small_run({"--target", "1e-9"})).exit == 1);
  const Ended diverged = syncline_run(small_run({"--set", "optimizer.step_size=1e30", "--json"}));
  CHECK(diverged.exit == 1);
  CHECK(Json::parse(diverged.out)["outcome"] == "diverged");
}

TEST_CASE("train writes the files that it was asked for, and report reads document and log") {
  const TemporaryFolder folder;
  const Ended ended =
      syncline_run(small_run({"--log", "run.jsonl", "--save", "run.json", "--report", "run.html",
                              "--save-model", "weights.safetensors"}),
                   folder.path());
  CHECK(ended.exit == 0);
  for (const char* name : {"run.jsonl", "run.json", "run.html", "weights.safetensors"}) {
    CAPTURE(name);
    CHECK(std::filesystem::file_size(folder.path() / name) > 0);
  }
  CHECK(Json::parse(read_text(folder.path() / "run.json"))["kind"] == "run");
  for (const char* input : {"run.json", "run.jsonl"}) {
    const Ended report = syncline_run({"report", input, "page.html"}, folder.path());
    CAPTURE(report.err);
    CHECK(report.exit == 0);
    CHECK(read_text(folder.path() / "page.html").find("<html") != std::string::npos);
  }
}

TEST_CASE("train interrupted ends with 130 and a whole document") {
  const TemporaryFolder folder;
  Start start;
  start.words = {SYNCLINE_PROGRAM};
  const auto arguments = small_run({"--set", "stop.time=1e12", "--set", "stop.evaluate_every=1e6",
                                    "--json", "--log", (folder.path() / "run.jsonl").string()});
  start.words.insert(start.words.end(), arguments.begin(), arguments.end());
  start.meanwhile = [&](pid_t process) {
    while (!std::filesystem::exists(folder.path() / "run.jsonl")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(process, SIGINT);
  };
  const Ended ended = run(start);
  CHECK(ended.exit == 130);
  CHECK(Json::parse(ended.out)["interrupted"] == true);
}

TEST_CASE("train on threads that gets SIGUSR1, twice, ends as by Ctrl-C, and goes on from there") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "run.jsonl").string();
  const std::string checkpoint = (folder.path() / "checkpoint").string();
  const auto train = [&](const std::string& updates, const std::function<void(pid_t)>& meanwhile) {
    Start start;
    start.words = {SYNCLINE_PROGRAM,   "train",    "--fleet",     "threads",
                   "--workers",        "2",        "--model",     "quadratic(dimension=10)",
                   "--policy",         "async",    "--step-size", "0.1",
                   "--evaluate-every", "1000",     "--updates",   updates,
                   "--json",           "--log",    log,           "--checkpoint",
                   checkpoint,         "--resume", checkpoint};
    start.meanwhile = meanwhile;
    return run(start);
  };
  const Ended ended = train("1000000000", [&](pid_t process) {
    while (!std::filesystem::exists(log)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(process, SIGUSR1);
    kill(process, SIGUSR1);
  });
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);
  const Json document = Json::parse(ended.out);
  CHECK(document["interrupted"] == true);
  const Ended more = train(std::to_string(document["updates"].get<std::uint64_t>() + 10), {});
  CAPTURE(more.err);
  CHECK(more.exit == 0);
  // What is noted tells when.
  CHECK(more.err.find("resumed at update " + document["updates"].dump()) != std::string::npos);
  CHECK(more.err.find(" kept after it and repeated (at ") != std::string::npos);
  CHECK(more.err.find(" s)\n") != std::string::npos);
}

TEST_CASE("train whose log is cut short by a full disk prints its result, and ends with status 3") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "run.jsonl").string();
  Ended ended;
  {
    const testing::SmallDisk disk(20'000);
    ended = syncline_run(small_run({"--json", "--log", log}));
  }
  CAPTURE(ended.err);
  CHECK(ended.exit == 3);
  const Json document = Json::parse(ended.out);
  CHECK(document["outcome"] == "finished");
  CHECK(document["log_error"].get<std::string>().find("can't write the event log") == 0);
  CHECK(ended.err.find("syncline: error: can't write the event log '" + log) != std::string::npos);
  const std::string beginning = read_text(log);
  CHECK(beginning.ends_with("}\n"));
  // Its replay would be no more than that, and says so.
  const Ended report = syncline_run({"report", log, "page.html"}, folder.path());
  CHECK(report.exit == 0);
}

TEST_CASE("a replay of a log without its end says that it is only the beginning of a run") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "run.jsonl").string();
  REQUIRE(syncline_run({"train", "--fleet", "threads", "--workers", "2", "--model",
                        "quadratic(dimension=10)", "--policy", "async", "--step-size", "0.1",
                        "--updates", "20", "--log", log})
              .exit == 0);
  CHECK(syncline_run({"replay", log}).err.empty());
  const std::string whole = read_text(log);
  const std::string cut = whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1);
  const Ended ended = syncline_run({"replay", folder.write("cut.jsonl", cut)});
  CHECK(ended.exit == 0);
  CHECK(ended.err.find("holds only the beginning of its run: it has no end record") !=
        std::string::npos);
}

TEST_CASE("report of a file that is neither document nor log is a data error") {
  const TemporaryFolder folder;
  for (const char* text : {"", "not JSON\n", "{\"schema\": 1}\n", "[1, 2]\n"}) {
    CAPTURE(text);
    const std::string file = folder.write("input.json", text);
    const Ended ended = syncline_run({"report", file, "page.html"}, folder.path());
    CHECK(ended.exit == 3);
    CHECK(ended.err.rfind("syncline: error: ", 0) == 0);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "page.html"));
  }
  CHECK(syncline_run({"report", folder.path().string(), "page.html"}, folder.path()).exit == 3);
}

}  // namespace
}  // namespace syncline
