// The drill as it is shipped, on the program as it is shipped. It goes on until all faults of its
// plan were made, however long that takes on the machine; what it says of times is not looked at.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "chaos/network_namespaces.hpp"
#include "cli/process.hpp"

namespace syncline {
namespace {

Words plain_drill_of(const std::string& folder, const std::string& model, const std::string& policy,
                     const Words& more) {
  return joined(
      {"chaos", "--json", "--workers", "3", "--model", model, "--policy", policy, "--step-size",
       "0.01", "--inject-delay", "exponential(rate=100)", "--folder", folder},
      more);
}

Words drill_of(const std::string& folder, const Words& more) {
  return plain_drill_of(
      folder, "quadratic(dimension=50)", "k-async(k=2)",
      joined({"--codec", "top-k(share=0.2)", "--worker-momentum", "0.5", "--end-after-faults"},
             more));
}

/// That all is kept but what is said of times, and that these kinds of faults happened.
void check_drill(const Ended& ended, const Words& kinds) {
  CAPTURE(ended.err);
  REQUIRE((ended.exit == 0 || ended.exit == 1));
  const auto document = nlohmann::json::parse(ended.out);
  for (const auto& row : document.at("verdict")) {
    CAPTURE(row.dump());
    const std::string promise = row.at("promise");
    if (promise.find(" is noticed within ") == std::string::npos)
      CHECK(row.at("judgement") != "broken");
  }
  for (const std::string& kind : kinds) {
    CAPTURE(kind);
    bool happened = false;
    for (const auto& fault : document.at("faults"))
      happened = happened || fault.at("fault") == kind;
    CHECK(happened);
  }
  CHECK(document.at("gradients").at("applied") > 0);
}

/// Whether any process was started with this text among its words.
bool somebody_has(const std::string& text) {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", none)) {
    if (read_text(entry.path() / "cmdline").find(text) != std::string::npos) return true;
  }
  return false;
}

void await_nobody_has(const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (somebody_has(text)) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST_CASE("kills, stops, partitions, cuts, flipped bits and strangers under TLS: all is kept") {
  const TemporaryFolder folder;
  const std::string files = (folder.path() / "drill").string();
  const Ended ended =
      syncline_run(drill_of(files, {"--tls", "--seed", "90", "--rate", "6", "--kills", "4",
                                    "--faults", "kill,stop,delay,partition,corrupt,cut,stranger"}));
  check_drill(ended, {"kill", "stop", "partition", "corrupt", "cut", "stranger"});
  CHECK_FALSE(somebody_has(files));
}

TEST_CASE("a server that is killed again and again goes on from its checkpoints") {
  const TemporaryFolder folder;
  const std::string files = (folder.path() / "drill").string();
  const Ended ended = syncline_run(
      drill_of(files, {"--seed", "23", "--rate", "1", "--kills", "2", "--checkpoint-every", "0.2",
                       "--durability", "every-update", "--faults", "kill,server-kill", "--save",
                       (folder.path() / "saved").string()}));
  check_drill(ended, {"kill", "server-kill"});
  const auto document = nlohmann::json::parse(read_text(folder.path() / "saved"));
  CHECK(document.at("kind") == "chaos");
  CHECK(document.at("restarts").size() >= 1);
}

/// How often each fault was made at each message.
void check_steps(const nlohmann::json& document, const Words& messages, std::uint64_t times) {
  for (const auto& step : document.at("steps")) {
    const std::string message = step.at("message");
    CAPTURE(message);
    const bool wanted = std::find(messages.begin(), messages.end(), message) != messages.end();
    CHECK(step.at("faults").empty() != wanted);
    for (const auto& count : step.at("faults")) CHECK(count == times);
    if (wanted) CHECK(step.at("passed") >= times);
  }
}

TEST_CASE("a worker is killed and its connection cut at every message of k-sync: all is kept") {
  const TemporaryFolder folder;
  // Without stop and steps-done, which only rounds of local steps have.
  const std::string messages =
      "hello,ready,heartbeat,result,given-up,welcome,refusal,assignment,cancel,goodbye,beat";
  const Ended ended = syncline_run(
      plain_drill_of((folder.path() / "drill").string(), "quadratic(dimension=50)", "k-sync(k=2)",
                     {"--checkpoint-every", "0.2", "--at", messages, "--faults", "kill,cut"}));
  check_drill(ended, {"kill", "cut"});
  Words names;
  std::istringstream stream(messages);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  check_steps(nlohmann::json::parse(ended.out), names, 1);
}

TEST_CASE("a server that is stopped for a moment loses no worker") {
  const TemporaryFolder folder;
  const Ended ended = syncline_run(drill_of(
      (folder.path() / "drill").string(),
      {"--at", "result,assignment,heartbeat,beat", "--faults", "server-stop", "--rounds", "2"}));
  check_drill(ended, {"server-stop"});
  const auto document = nlohmann::json::parse(ended.out);
  check_steps(document, {"result", "assignment", "heartbeat", "beat"}, 2);
  CHECK(document.at("pauses").size() == 8);
  CHECK(document.at("gradients").at("lost") == 0);
}

TEST_CASE("workers, shards and their server are killed and stopped: it goes on each time") {
  const TemporaryFolder folder;
  const Ended ended = syncline_run(plain_drill_of(
      (folder.path() / "drill").string(), "quadratic(dimension=20000)", "k-async(k=2)",
      {"--shards", "2", "--checkpoint-every", "0.2", "--at", "result,assignment", "--faults",
       "kill,shard-kill,shard-stop,server-kill"}));
  check_drill(ended, {"kill", "shard-kill", "shard-stop", "server-kill"});
  const auto document = nlohmann::json::parse(ended.out);
  check_steps(document, {"result", "assignment"}, 1);
  CHECK(document.at("shard_deaths").size() == 2);
  CHECK(document.at("restarts").size() == 4);
}

TEST_CASE("workers in namespaces of their own, parted by the network itself") {
  const TemporaryFolder folder;
  if (const std::string reason = NetworkNamespaces::why_not(folder.path()); !reason.empty()) {
    MESSAGE("skipped: " << reason);
    return;
  }
  const Ended ended = syncline_run(
      drill_of((folder.path() / "drill").string(), {"--namespaces", "--seed", "24", "--rate", "3",
                                                    "--kills", "2", "--faults", "kill,partition"}));
  check_drill(ended, {"kill", "partition"});
}

TEST_CASE("undisturbed runs come first, and say where the loss should lie") {
  const TemporaryFolder folder;
  const Words words = {"chaos",    "--json",    "--workers",
                       "1",        "--model",   "quadratic(dimension=20)",
                       "--policy", "async",     "--step-size",
                       "0.01",     "--updates", "200",
                       "--time",   "600",       "--baseline-seeds",
                       "5",        "--at-once", "5",
                       "--faults", "cut",       "--rate",
                       "0.001",    "--folder",  (folder.path() / "drill").string()};
  const Ended ended = syncline_run(words);
  CAPTURE(ended.err);
  const auto document = nlohmann::json::parse(ended.out);
  CHECK(document.at("undisturbed").size() == 5);
  CHECK(ended.err.find("undisturbed run 5 of 5") != std::string::npos);
  for (const auto& row : document.at("verdict")) {
    if (row.at("promise").get<std::string>().find("band") == std::string::npos) continue;
    CHECK(row.at("judgement") != "not judged");
  }
}

TEST_CASE("a drill that is interrupted, or killed, leaves no process behind") {
  for (const int signal : {SIGINT, SIGKILL}) {
    CAPTURE(signal);
    const TemporaryFolder folder;
    const std::string files = (folder.path() / "drill").string();
    {
      Process drill(drill_of(files, {"--rate", "1", "--kills", "100000", "--faults", "kill"}));
      drill.await("killed, started again", 2);
      CHECK(somebody_has(files + "/disturbed"));
      drill.signal(signal);
      const Ended ended = drill.ended();
      if (signal == SIGINT) CHECK(ended.exit == 130);
    }
    await_nobody_has(files);
  }
}

TEST_CASE("the plan is printed by --dry-run, the same for the same seed, and nothing is started") {
  const TemporaryFolder folder;
  const auto plan = [&](const std::string& seed) {
    const Ended ended = syncline_run(drill_of((folder.path() / "drill").string(),
                                              {"--dry-run", "--seed", seed, "--kills", "20"}));
    CHECK(ended.exit == 0);
    return ended.out;
  };
  const std::string one = plan("1");
  CHECK(one == plan("1"));
  CHECK(one != plan("2"));
  CHECK(one.find("worker process 2: killed, started again after") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "drill"));
}

TEST_CASE("options that make no drill are refused before anything is started") {
  const TemporaryFolder folder;
  const auto check_refused = [&](const Words& more, const std::string& part) {
    const Words common = {"chaos", "--workers", "2", "--model", "quadratic(dimension=20)"};
    const Ended ended = syncline_run(joined(common, more), folder.path());
    CAPTURE(ended.err);
    CHECK(ended.exit == 2);
    CHECK(ended.err.find(part) != std::string::npos);
  };
  check_refused({"--kills", "1", "--policy", "async"}, "--updates");  // nothing would end the run
  check_refused({"--updates", "9", "--policy", "async"}, "--kills");  // nor the plan
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--faults", "kil"},
                "'kill'?");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--faults", "stop"},
                "--kills");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--rate", "0"}, "--rate");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--baseline-seeds", "4"},
                "--baseline-seeds");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--at-once", "0"},
                "--at-once");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--watchdog", "0"},
                "--watchdog");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--fleet", "threads"},
                "--fleet");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--resume", "x"},
                "--resume");
  check_refused({"--policy", "async", "--updates", "9", "--kills", "1", "--shards", "65"},
                "--shards");
  check_refused(
      {"--policy", "async", "--updates", "9", "--kills", "1", "--shards", "2", "--namespaces"},
      "--shards");
  check_refused({"--policy", "async", "--at", "result", "--faults", "shard-kill"}, "--shards");
  check_refused({"--policy", "async", "--at", "helo"}, "'hello'?");
  check_refused({"--policy", "async", "--at", "steps", "--rounds", "0"}, "--rounds");
  check_refused({"--policy", "async", "--at", "steps", "--kills", "1"}, "--kills");
  check_refused({"--policy", "async", "--at", "steps", "--tls"}, "--tls");
  check_refused(
      {"--policy", "async", "--kills", "1", "--end-after-faults", "--baseline-seeds", "5"},
      "--baseline-seeds");
  check_refused({"--updates", "9", "--kills", "1", "--policy", "dgd"}, "no server");
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace syncline
