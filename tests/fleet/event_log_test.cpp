// An event log whose disk is full: for a while, for too long, and at the end.

#include "trace/event_log.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/small_disk.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/simulate.hpp"
#include "trace/log_ending.hpp"
#include "trace/log_reader.hpp"

namespace syncline {
namespace {

using testing::read_file;
using testing::SmallDisk;
using testing::TemporaryFolder;

const nlohmann::ordered_json no_config = nlohmann::ordered_json::object();

TEST_CASE("a log whose disk is full for a while holds whole records, and later all of them") {
  const TemporaryFolder folder;
  const auto path = folder / "log";
  EventLog log(path, no_config);
  std::string whole = read_file(path);
  const auto write = [&](const std::string& line) {
    log.write_line(line);
    whole += line + "\n";
  };
  write("first");
  CHECK(log.sync() == whole.size());
  const std::string before = whole;
  {
    // Room for one more record and half of another.
    const SmallDisk disk(whole.size() + 10);
    write("second");
    write("third");
    CHECK(log.sync() == before.size() + 7);
    CHECK(read_file(path) == before + "second\n");
    CHECK(log.unwritten() == "third\n");
    auto news = log.news();
    REQUIRE(news.size() == 1);
    CHECK(news[0].find(path.string()) != std::string::npos);
    CHECK(news[0].find("File too large") != std::string::npos);
    CHECK(news[0].find("make some") != std::string::npos);
    write("fourth");
    CHECK(log.sync() == before.size() + 7);
    CHECK(log.news().empty());  // told once
    CHECK(log.unwritten() == "third\nfourth\n");
  }
  CHECK(log.sync() == whole.size());
  CHECK(read_file(path) == whole);
  CHECK(log.unwritten().empty());
  const auto news = log.news();
  REQUIRE(news.size() == 1);
  CHECK(news[0].find("nothing is missing") != std::string::npos);
  log.close();
  CHECK(read_file(path) == whole);
}

TEST_CASE(
    "a log that is not written to its end throws when it is closed, and is whole up to there") {
  const TemporaryFolder folder;
  EventLog log(folder / "log", no_config);
  const std::string head = read_file(folder / "log");
  const SmallDisk disk(head.size() + 3);
  log.write_line("lost");
  CHECK_THROWS_WITH_AS(log.close(), doctest::Contains("5 bytes may be missing"), DataError);
  CHECK(read_file(folder / "log") == head);
}

TEST_CASE("a log for which too much waits ends with a record that says so, and stays ended") {
  const TemporaryFolder folder;
  EventLog log(folder / "log", no_config);
  const std::string line(std::size_t{1} << 20, 'x');
  {
    const SmallDisk disk(1000);
    log.write_line(line);
    log.sync();
    CHECK(log.news().size() == 1);
    for (std::size_t i = 1; i < 64; ++i) {
      CHECK(log.cut().empty());
      log.write_line(line);
    }
    CHECK_FALSE(log.cut().empty());
    const auto news = log.news();
    REQUIRE(news.size() == 1);
    CHECK(news[0].find("ends here: File too large") != std::string::npos);
  }
  log.write_line("no more");
  log.sync();
  CHECK(log.news().empty());
  CHECK_THROWS_WITH_AS(log.close(), doctest::Contains("ends before its run"), DataError);
  const std::string text = read_file(folder / "log");
  const auto last = text.rfind('\n', text.size() - 2) + 1;
  const auto record = nlohmann::json::parse(text.substr(last));
  CHECK(record.at("event") == "cut");
  CHECK(std::count(text.begin(), text.end(), '\n') == 1 + 64 + 1);
}

TEST_CASE("a log that another run writes is refused, and goes on whole") {
  const TemporaryFolder folder;
  const auto path = folder / "log";
  std::string before;
  {
    EventLog first(path, nlohmann::ordered_json::object());
    first.write_line(R"({"event": "note", "text": "mine"})");
    const std::uint64_t length = first.sync();
    before = read_file(path);
    CHECK_THROWS_WITH_AS(EventLog(path, nlohmann::ordered_json::object()),
                         doctest::Contains("being written by another run"), DataError);
    CHECK_THROWS_WITH_AS(EventLog(path, length), doctest::Contains("being written by another run"),
                         DataError);
    CHECK(read_file(path) == before);
    first.close();
  }
  EventLog second(path, before.size());
  second.close();
  CHECK(read_file(path) == before);
}

TEST_CASE("a log that is continued begins with what had found no room") {
  const TemporaryFolder folder;
  const std::string path = folder.write("log", std::string("one\ntwo\nhalf"));
  EventLog log(path, 8, "three\n");
  log.write_line("four");
  log.close();
  CHECK(read_file(path) == "one\ntwo\nthree\nfour\n");
}

TEST_CASE("a log without its end is told from a whole one, and a cut one says why it ends") {
  const TemporaryFolder folder;
  SimulationConfig config;
  config.policy = "k-async(k=2)";
  config.fleet.workers = 3;
  config.updates = 20;
  config.log = (folder / "log").string();
  static_cast<void>(simulate(config, {}));
  CHECK_FALSE(unfinished_log(config.log));
  const std::string whole = read_file(config.log);
  const std::string without_end = whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1);
  const auto words = [&](std::size_t length) {
    return unfinished_log(folder.write("cut", whole.substr(0, length))).value();
  };
  for (const std::size_t length : {std::size_t{0}, without_end.size()}) {
    CAPTURE(length);
    CHECK(words(length).find("no end record") != std::string::npos);
  }
  for (const std::size_t length : {std::size_t{10}, without_end.size() + 5, whole.size() - 2}) {
    CAPTURE(length);
    CHECK(words(length).find("is incomplete") != std::string::npos);
  }
  const std::string cut =
      folder.write("cut", without_end + "{\"event\":\"cut\",\"text\":\"the disk was full\"}\n");
  CHECK(unfinished_log(cut)->find("the disk was full") != std::string::npos);
  const LoggedRun run = read_log(cut);
  CHECK_FALSE(run.complete);
  CHECK(run.result.updates == 20);
  REQUIRE(run.result.notes.size() == 1);
  CHECK(run.result.notes[0].second.find("the disk was full") != std::string::npos);
}

TEST_CASE(
    "a simulation whose log finds no room at the end is an error, and one that finds some not") {
  const TemporaryFolder folder;
  SimulationConfig config;
  config.policy = "async";
  config.fleet.workers = 3;
  config.updates = 20000;
  config.log = (folder / "log").string();
  std::optional<SmallDisk> disk;
  std::string warned;
  Progress progress;
  progress.warning = [&](const std::string& text) { warned += text; };
  progress.report = [&](const std::string&, double) {
    if (!disk) disk.emplace(1000);
  };
  CHECK_THROWS_AS(static_cast<void>(simulate(config, progress)), DataError);
  CHECK(warned.find("can't write the event log") != std::string::npos);
  disk.reset();
  progress.report = [&](const std::string&, double fraction) {
    fraction > 0.5 ? disk.reset() : static_cast<void>(disk.emplace(1000));
  };
  static_cast<void>(simulate(config, progress));
  CHECK_FALSE(unfinished_log(config.log));
  CHECK(read_log(config.log).result.updates == 20000);
}

}  // namespace
}  // namespace syncline
