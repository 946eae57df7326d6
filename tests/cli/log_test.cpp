// Event logs that are cut off or garbled, given to the program.

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// The log of a short run on threads.
std::string whole_log(const TemporaryFolder& folder) {
  const auto log = folder.path() / "whole.jsonl";
  REQUIRE(syncline_run({"train", "--fleet", "threads", "--workers", "2", "--model",
                        "quadratic(dimension=10)", "--policy", "async", "--step-size", "0.1",
                        "--updates", "20", "--log", log.string()})
              .exit == 0);
  return read_text(log);
}

TEST_CASE("log cut within a record is used, and what is missing is said with its line") {
  const TemporaryFolder folder;
  const std::string whole = whole_log(folder);
  const auto end = whole.rfind('\n', whole.size() - 2);
  const std::string cut = folder.write("cut.jsonl", whole.substr(0, end + 10));
  const auto lines = std::count(whole.begin(), whole.end(), '\n');
  const std::string note = "line " + std::to_string(lines) + " is incomplete and was left out";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"replay", cut}, {"report", cut, "page.html"}}) {
    const Ended ended = syncline_run(words, folder.path());
    CAPTURE(ended.err);
    CHECK(ended.exit == 0);
    CHECK(ended.err.find("syncline: warning: ") == 0);
    CHECK(ended.err.find(note) != std::string::npos);
  }
  CHECK(syncline_run({"report", "whole.jsonl", "page.html"}, folder.path()).err.empty());
}

TEST_CASE("log with a line that is no JSON is refused by its line, in words of our own") {
  const TemporaryFolder folder;
  std::string text = whole_log(folder);
  text.insert(text.find('\n') + 1, "garbage\n");
  const std::string garbled = folder.write("garbled.jsonl", text);
  for (const char* command : {"replay", "report", "fit", "top"}) {
    CAPTURE(command);
    const Ended ended = syncline_run({command, garbled}, folder.path());
    CAPTURE(ended.err);
    CHECK(ended.exit == 3);
    CHECK(ended.err.find("line 2") != std::string::npos);
    CHECK(ended.err.find("json.exception") == std::string::npos);
  }
}

}  // namespace
}  // namespace syncline
