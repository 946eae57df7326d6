// Documents in files: whole, cut at every byte, damaged, and what is none.

#include "report/read_document.hpp"

#include <doctest/doctest.h>

#include "report/sample_document.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

/// The message of the refusal, which must name the file; "" if there is none.
std::string refusal(const TemporaryFolder& folder, const std::string& text) {
  try {
    static_cast<void>(read_document(folder.write("page.json", text)));
    return "";
  } catch (const DataError& error) {
    CHECK(std::string(error.what()).find("page.json") != std::string::npos);
    return error.what();
  }
}

/// The document of a run of one update: small, so that it can be damaged everywhere.
std::string small_document(const TemporaryFolder& folder) {
  const std::string log =
      R"({"event":"run","schema":1,"config":{"run":{"policy":"async","seed":1},"fleet":{"workers":2},)"
      R"("stop":{"metric":"test_error","target":0.5,"evaluate_every":1.0}}})"
      "\n"
      R"({"event":"update","update":1,"time":1.0,"grads":[{"worker":0,"read":0,"staleness":0,)"
      R"("start":0.0,"push":1.0}],"idle":{},"cancelled":{}})"
      "\n";
  return read_document(folder.write("run.jsonl", log)).dump();
}

TEST_CASE("a document in a file, on one line or many, is read as it was written") {
  const TemporaryFolder folder;
  const auto document = test::sample_document(3);
  CHECK(read_document(folder.write("race.json", document.dump())) == document);
  CHECK(read_document(folder.write("race.json", document.dump(2) + "\n")) == document);
}

TEST_CASE("a document cut at any byte is refused by the name of its file") {
  const TemporaryFolder folder;
  const std::string whole = small_document(folder);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    REQUIRE(refusal(folder, whole.substr(0, length)) != "");
  }
}

TEST_CASE("a document with any one byte changed is read, or refused by the name of its file") {
  const TemporaryFolder folder;
  const std::string whole = small_document(folder);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'"', '[', '\xff'}) {
      std::string changed = whole;
      changed[i] = byte;
      refused += refusal(folder, changed).empty() ? 0 : 1;
    }
  }
  CHECK(refused > whole.size());
}

TEST_CASE("a file that is no document is refused with what it should be") {
  const TemporaryFolder folder;
  const auto says = [&](const std::string& text, const char* part) {
    return refusal(folder, text).find(part) != std::string::npos;
  };
  CHECK(says("", "empty"));
  CHECK(says("worker,seconds\n0,1\n", "nor an event log"));
  CHECK(says("[1, 2]", "the whole document"));
  CHECK(says("{\"event\": \"run\"}\n", "no event log"));
  // Deeper than any stack.
  CHECK(
      says("{\"kind\": " + std::string(1000000, '[') + std::string(1000000, ']') + "}", "deeper"));
  CHECK_THROWS_WITH_AS(static_cast<void>(read_document(folder / "absent.json")),
                       doctest::Contains("absent.json"), DataError);
  CHECK_THROWS_AS(static_cast<void>(read_document(folder.path())), DataError);
}

}  // namespace
}  // namespace syncline
