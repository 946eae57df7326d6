// The events that the log of a real fleet holds: complete, cut at every byte, and damaged.

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "fleet/fleet_event.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using Kind = FleetEvent::Kind;
using testing::TemporaryFolder;

const std::vector<FleetEvent> events = {
    {Kind::up, 0, 1},    {Kind::arrival, 0.5, 1},          {Kind::progress, 0.5, 0},
    {Kind::timer, 1, 3}, {Kind::arrival, 1.5, 0, 2, true}, {Kind::down, 2, 1}};

std::string whole_log() {
  std::string log = R"({"event":"run","schema":1,"config":{}})"
                    "\n";
  for (const FleetEvent& event : events) log += to_json(event).dump() + "\n";
  return log;
}

struct Outcome {
  std::vector<FleetEvent> events;
  std::string refusal;  ///< "" if there was none
};

Outcome read(const TemporaryFolder& folder, const std::string& log) {
  Outcome outcome;
  try {
    outcome.events = read_events(folder.write("run.jsonl", log));
  } catch (const DataError& error) {
    outcome.refusal = error.what();
    CHECK(outcome.refusal.find("run.jsonl") != std::string::npos);
  }
  return outcome;
}

bool same(const FleetEvent& a, const FleetEvent& b) {
  return a.kind == b.kind && a.time == b.time && a.index == b.index && a.steps == b.steps &&
         a.stopped == b.stopped;
}

TEST_CASE("events of a log cut at any byte are those before the cut, if a payload arrives there") {
  const TemporaryFolder folder;
  const std::string log = whole_log();
  for (std::size_t length = 0; length <= log.size(); ++length) {
    CAPTURE(length);
    const std::string cut = log.substr(0, length);
    // A record is whole if only its newline is missing.
    auto lines = std::count(cut.begin(), cut.end(), '\n');
    if (length < log.size() && log[length] == '\n') ++lines;
    const Outcome outcome = read(folder, cut);
    REQUIRE(outcome.refusal.empty() == (lines >= 3));
    if (!outcome.refusal.empty()) continue;
    REQUIRE(outcome.events.size() == static_cast<std::size_t>(lines - 1));
    CHECK(std::equal(outcome.events.begin(), outcome.events.end(), events.begin(), same));
  }
}

TEST_CASE("events of a log with any one byte changed are in order, or refused") {
  const TemporaryFolder folder;
  const std::string log = whole_log();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    for (const char byte : {'\0', '\xff', '\n', '"', '}', ',', '.', '-', 'e', '9'}) {
      std::string changed = log;
      changed[i] = byte;
      CAPTURE(changed);
      const Outcome outcome = read(folder, changed);
      refused += outcome.refusal.empty() ? 0 : 1;
      CHECK(
          std::is_sorted(outcome.events.begin(), outcome.events.end(),
                         [](const FleetEvent& a, const FleetEvent& b) { return a.time < b.time; }));
    }
  }
  CHECK(refused > log.size());
}

TEST_CASE("events with numbers that no such thing has are refused with their line") {
  const TemporaryFolder folder;
  const std::string good = R"({"event":"arrive","time":1.0,"worker":1})"
                           "\n";
  REQUIRE(read(folder, good).events.size() == 1);
  for (const char* number : {"-1", "1.5", "1e300", "4294967296", "null", "\"1\"", "[1]"}) {
    CAPTURE(number);
    std::string bad = good;
    bad.replace(bad.rfind('1'), 1, number);
    CHECK(read(folder, good + bad).refusal.find("line 2") != std::string::npos);
  }
  for (const char* time : {"-1.0", "1e999", "null", "\"1\""}) {
    CAPTURE(time);
    std::string bad = good;
    bad.replace(bad.find("1.0"), 3, time);
    CHECK_FALSE(read(folder, good + bad + good).refusal.empty());
  }
}

TEST_CASE("events behind brackets deeper than any stack are refused with their line") {
  const TemporaryFolder folder;
  const std::string deep = R"({"event":"arrive","time":1.0,"worker":)" + std::string(1000000, '[') +
                           std::string(1000000, ']') + "}\n";
  CHECK(read(folder, deep).refusal.find("line 1") != std::string::npos);
}

}  // namespace
}  // namespace syncline
