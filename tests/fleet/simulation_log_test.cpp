// The event log of a simulation: complete, cut at every byte, and damaged.

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"
#include "trace/event_log.hpp"
#include "trace/log_reader.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

SimulationConfig small_run(const TemporaryFolder& folder) {
  SimulationConfig config;
  config.policy = "k-async(k=2)";
  config.fleet.workers = 3;
  config.updates = 4;
  config.include_startup = true;
  config.log = (folder / "log.jsonl").string();
  return config;
}

TEST_CASE("a log of a simulation, read back, tells what the simulation returned") {
  const TemporaryFolder folder;
  SimulationConfig config = small_run(folder);
  for (const char* policy : {"k-sync(k=2)", "k-batch-sync(k=4)", "k-async(k=2)", "async"}) {
    CAPTURE(policy);
    config.policy = policy;
    config.updates = 300;
    const auto result = simulate(config, {});
    const LoggedRun run = read_log(config.log);
    CHECK(run.complete);
    CHECK(run.config.at("run").at("policy") == policy);
    CHECK(run.result.policy == policy);
    CHECK(run.result.workers == 3);
    CHECK(run.result.updates == 300);
    CHECK(run.result.elapsed == result.at("elapsed"));
    CHECK(run.result.staleness.counts() ==
          result.at("staleness").at("histogram").get<std::vector<std::uint64_t>>());
    CHECK(std::abs(run.result.idle_fraction - result.at("idle_fraction").get<double>()) < 1e-12);
    CHECK(std::abs(run.result.cancelled_time_fraction -
                   result.at("cancelled_time_fraction").get<double>()) < 1e-12);
    CHECK(run.result.account.started == result.at("gradients").at("started"));
    CHECK(run.result.account.cancelled == result.at("gradients").at("cancelled"));
    CHECK(run.result.account.in_flight == result.at("gradients").at("in_flight"));
  }
}

TEST_CASE("a log, continued where it is long enough, is cut back; where it is not, is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.write("log", std::string("one\ntwo\nhalf"));
  CHECK_THROWS_AS(EventLog(path, std::uint64_t{13}), DataError);
  CHECK(testing::read_file(path) == "one\ntwo\nhalf");
  {
    EventLog log(path, std::uint64_t{8});
    log.write_line("three");
    CHECK(log.sync() == 14);
  }
  CHECK(testing::read_file(path) == "one\ntwo\nthree\n");
}

TEST_CASE("a log, cut at every byte, is read to its last whole record or refused") {
  const TemporaryFolder folder;
  const SimulationConfig config = small_run(folder);
  static_cast<void>(simulate(config, {}));
  const std::string log = testing::read_file(config.log);
  REQUIRE(std::count(log.begin(), log.end(), '\n') == 6);  // head, 4 updates, end
  const std::size_t head = log.find('\n');
  for (std::size_t length = 0; length <= log.size(); ++length) {
    const auto cut = folder.write("cut.jsonl", log.substr(0, length));
    // A last line is whole if only its newline is missing.
    auto whole = std::count(log.begin(), log.begin() + static_cast<std::ptrdiff_t>(length), '\n');
    if (length < log.size() && log[length] == '\n') ++whole;
    bool refused = false;
    LoggedRun run;
    try {
      run = read_log(cut);
    } catch (const DataError& error) {
      refused = true;
      REQUIRE(std::string(error.what()).find("cut.jsonl") != std::string::npos);
    }
    REQUIRE(refused == (length < head));
    if (refused) continue;
    REQUIRE(run.complete == (whole == 6));
    REQUIRE(run.result.updates == static_cast<Version>(std::min<std::ptrdiff_t>(whole - 1, 4)));
    REQUIRE(run.result.staleness.total() == 2 * run.result.updates);
  }
}

TEST_CASE("a log, one byte changed anywhere, is read or refused with DataError") {
  const TemporaryFolder folder;
  const SimulationConfig config = small_run(folder);
  static_cast<void>(simulate(config, {}));
  const std::string log = testing::read_file(config.log);
  std::size_t refused = 0;
  for (std::size_t at = 0; at < log.size(); ++at) {
    for (const char byte : {'9', '-', '"', '}', '\n', '\0', '\xff'}) {
      std::string damaged = log;
      damaged[at] = byte;
      const auto path = folder.write("damaged.jsonl", damaged);
      try {
        static_cast<void>(read_log(path));
      } catch (const DataError&) {
        ++refused;
      }
      std::filesystem::remove(path);
    }
  }
  CHECK(refused > log.size());
}

TEST_CASE("a log, no such file, no log, or of another schema, is refused with path and line") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& content) {
    try {
      static_cast<void>(read_log(folder.write("bad.jsonl", content)));
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THROWS_AS(static_cast<void>(read_log(folder / "nothing")), DataError);
  CHECK(refusal("").find("bad.jsonl") != std::string::npos);
  CHECK(refusal("{\"event\": \"update\"}\n").find("line 1") != std::string::npos);
  CHECK(refusal("{\"event\": \"run\", \"schema\": 99}\n").find("schema 99") != std::string::npos);
  CHECK(refusal("[1, 2]\n").find("line 1") != std::string::npos);

  const SimulationConfig config = small_run(folder);
  static_cast<void>(simulate(config, {}));
  std::string log = testing::read_file(config.log);
  const std::size_t second = log.find('\n') + 1;
  CHECK(refusal(log.substr(0, second) + "not json\n" + log.substr(second)).find("line 2") !=
        std::string::npos);
}

TEST_CASE("a log that claims more than it can hold is refused before anything is made of it") {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::string& from, const std::string& to) {
    std::string log = R"({"event":"run","schema":1,"config":{"run":{"policy":"async","seed":1},)"
                      R"("fleet":{"workers":2},"stop":{}}})"
                      "\n";
    log.replace(log.find(from), from.size(), to);
    try {
      static_cast<void>(read_log(folder.write("bad.jsonl", log)));
    } catch (const DataError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(refusal("\"workers\":2", "\"workers\":4000000000").find("too many") != std::string::npos);
  CHECK(refusal("\"workers\":2", "\"workers\":1e300").find("no whole number") != std::string::npos);
  CHECK(refusal("\"seed\":1", "\"seed\":-1").find("no whole number") != std::string::npos);
  // Deeper than any stack.
  const std::string deep = std::string(1000000, '[') + std::string(1000000, ']');
  for (const char* place : {"{}", "1", "\"async\""}) {
    CAPTURE(place);
    CHECK(refusal(place, deep).find("nest deeper") != std::string::npos);
  }
}

TEST_CASE("a log in a place that can't be written is refused with DataError") {
  const TemporaryFolder folder;
  SimulationConfig config = small_run(folder);
  config.log = (folder / "no folder/log.jsonl").string();
  CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), DataError);
  config.log = "/dev/full";
  config.updates = 2000;
  CHECK_THROWS_AS(static_cast<void>(simulate(config, {})), DataError);
}

}  // namespace
}  // namespace syncline
