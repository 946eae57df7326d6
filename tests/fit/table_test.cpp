#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/fit.hpp"

namespace syncline::testing {
namespace {

Timings read(const std::string& text) {
  const TemporaryFolder folder;
  return read_timings(folder.write("times.csv", text));
}

/// The message of the refusal; "" if there is none.
std::string refusal(const std::string& text) {
  try {
    (void)read(text);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool warns(const Timings& timings, const std::string& part) {
  return std::any_of(timings.warnings.begin(), timings.warnings.end(),
                     [&](const std::string& warning) { return has(warning, part); });
}

TEST_CASE("table, plain lines, is read in order") {
  const Timings timings = read("0,1.5\n1,2\n0,2.5e-3,1\n");
  CHECK(timings.workers == 2);
  REQUIRE(timings.jobs.size() == 3);
  CHECK(timings.jobs[2].worker == 0);
  CHECK(timings.jobs[2].seconds == 2.5e-3);
  CHECK(timings.jobs[2].censored);
  CHECK(std::isnan(timings.jobs[0].start));
  CHECK(timings.warnings.empty());
}

TEST_CASE("table, header in any order, comments, blank lines, CRLF and a byte order mark") {
  const Timings timings = read(
      "\xEF\xBB\xBF# measured on Monday\r\n\r\nCensored, seconds ,\"Worker\"\r\n1, 0.5 ,1\r\n"
      "  \r\nfalse,\"0.25\",0\r\n# end\r\n,0.75,1");
  CHECK(timings.workers == 2);
  REQUIRE(timings.jobs.size() == 3);
  CHECK(timings.jobs[0].worker == 1);
  CHECK(timings.jobs[0].censored);
  CHECK_FALSE(timings.jobs[1].censored);
  CHECK(timings.jobs[2].seconds == 0.75);
  CHECK(timings.warnings.empty());
}

TEST_CASE("table with starts is put in their order; unknown columns are named and passed over") {
  const Timings timings = read("worker,start,time,host\n0,5,1,a\n0,2,3,b\n");
  CHECK(timings.jobs[0].seconds == 3);
  CHECK(timings.jobs[0].start == 2);
  CHECK(warns(timings, "'host'"));
}

TEST_CASE("workers with names or gaps in their numbers are numbered anew, which is said") {
  const Timings named = read("gpu-b,1\ngpu-a,2\ngpu-b,3\n");
  CHECK(named.workers == 2);
  CHECK(named.jobs[1].worker == 1);
  CHECK(warns(named, "gpu-b is 0, gpu-a is 1"));
  const Timings sparse = read("7,1\n3,2\n12,3\n07,3\n");
  CHECK(sparse.workers == 3);
  CHECK(sparse.jobs[0].worker == 1);
  CHECK(sparse.jobs[3].worker == 1);
  CHECK(warns(sparse, "3 is 0, 7 is 1, 12 is 2"));
  CHECK(read("1,1\n0,2\n").warnings.empty());
  // JSON takes no other encoding than UTF-8.
  CHECK(warns(read("K\xF6ln,1\n0,2\n"), "K?ln is 0"));
}

TEST_CASE("lines that lack a value are left out with a warning; all of them are an error") {
  const Timings timings = read("worker,seconds\n0,1\n0,\n,2\n1\n1,3\n");
  CHECK(timings.jobs.size() == 2);
  CHECK(warns(timings, "3 lines lack"));
  CHECK(warns(timings, "line 3"));
  CHECK(has(refusal("worker,seconds\n0,\n1,\n"), "no step time"));
}

TEST_CASE("times that are no times are refused with their line") {
  for (const std::string bad :
       {"0", "-1", "nan", "inf", "-inf", "1e999", "abc", "1.5s", "0x10", "1_000", "1 2", "--3"}) {
    CAPTURE(bad);
    const std::string why = refusal("worker,seconds\n0,1\n1," + bad + "\n0,2\n");
    CHECK(has(why, "line 3"));
    CHECK(has(why, bad));
  }
  CHECK(has(refusal("0,1,0,0\n"), "more than three columns"));
  CHECK(has(refusal("worker,seconds\n0,1,0\n"), "has 3 columns, not 2"));
  CHECK(has(refusal("0,1,0\n0,2,maybe\n"), "'maybe'"));
  CHECK(has(refusal("0,1\n0,1,5\n"), "decimals need a point"));
  CHECK(has(refusal("1.5\n2.5\n"), "one column"));
  CHECK(has(refusal("seconds\n2.5\n"), "lacks a column 'worker'"));
  CHECK(has(refusal("worker,seconds,time\n0,1,2\n"), "twice"));
  CHECK(has(refusal("0;1.5\n1;2\n"), "one column"));
}

TEST_CASE("files that are none, empty or binary are refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(read_timings(folder / "none.csv"), doctest::Contains("can't open"),
                       DataError);
  CHECK_THROWS_WITH_AS(read_timings(folder.path()), doctest::Contains("folder"), DataError);
  CHECK(has(refusal(""), "empty"));
  CHECK(has(refusal(" \n\r\n"), "empty"));
  CHECK(has(refusal("# nothing\n"), "no step time"));
  CHECK(has(refusal("worker,seconds\n"), "no step time"));
  CHECK(has(refusal(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)), "no text"));
  CHECK(has(refusal("\x89\x01\x02 garbage\n"), "'??? garbage'"));
}

TEST_CASE("file cut off in the middle of a line is read to the line before") {
  const Timings timings = read("0,1.5\n1,2.5\n0,-");
  CHECK(timings.jobs.size() == 2);
  CHECK(warns(timings, "cut off"));
  CHECK(has(refusal("0,-"), "line 1"));
}

TEST_CASE("table cut at any byte is refused by its name, or read to the cut") {
  const std::string whole = "rank,seconds,censored\n0,1.5,0\n1,2.25,1\n\"0\",3e-1,no\n1,4.5\n";
  const Timings all = read(whole);
  REQUIRE(all.jobs.size() == 4);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    const std::string cut = whole.substr(0, length);
    if (const auto message = refusal(cut); !message.empty()) {
      CHECK(has(message, "times.csv"));
      // Only what holds no whole row is refused.
      CHECK(std::count(cut.begin(), cut.end(), '\n') < 2);
      continue;
    }
    const Timings timings = read(cut);
    REQUIRE(timings.jobs.size() <= all.jobs.size());
    // The last row may have lost digits or a column; the others are as they were.
    for (std::size_t i = 0; i + 1 < timings.jobs.size(); ++i) {
      CHECK(timings.jobs[i].worker == all.jobs[i].worker);
      CHECK(timings.jobs[i].seconds == all.jobs[i].seconds);
      CHECK(timings.jobs[i].censored == all.jobs[i].censored);
    }
  }
}

TEST_CASE("table with any one byte changed is refused by its name, or holds good times") {
  const std::string whole = "start,worker,seconds,censored\n0,a,1.5,0\n1,b,2.25,1\n2.5,a,3e-1,no\n";
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'\0', '\xff', '\n', '"', ',', ';', '.', '-', 'e', '9', '#', ' '}) {
      std::string changed = whole;
      changed[i] = byte;
      CAPTURE(changed);
      if (const auto message = refusal(changed); !message.empty()) {
        CHECK(has(message, "times.csv"));
        continue;
      }
      for (const Timing& job : read(changed).jobs) {
        CHECK((job.seconds > 0 && std::isfinite(job.seconds)));
      }
    }
  }
}

TEST_CASE("milliseconds among seconds are noticed, long tails are not") {
  std::string mixed;
  std::string tail;
  for (int i = 1; i <= 40; ++i) {
    const std::string worker = std::to_string(i % 4);
    const double seconds = 1 + 0.01 * i;
    mixed += worker + "," + std::to_string(i % 4 == 2 ? seconds * 1000 : seconds) + "\n";
    tail += worker + "," + std::to_string(std::pow(2, i / 2.0)) + "\n";
  }
  const Timings timings = read(mixed);
  CHECK(timings.jobs.size() == 40);
  CHECK(warns(timings, "are units mixed"));
  CHECK(warns(timings, "worker 2"));
  CHECK(read(tail).warnings.empty());
}

TEST_CASE("clock of coarse steps is noticed") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "0,0.0" + std::to_string(1 + i % 3) + "\n";
  CHECK(warns(read(text), "only 3 different values"));
}

}  // namespace
}  // namespace syncline::testing
