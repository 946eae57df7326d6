#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/fit.hpp"

namespace syncline::testing {
namespace {

std::string head(const std::string& policy, const std::string& fleet = "") {
  return R"({"event": "run", "schema": 1, "config": {"run": {"policy": ")" + policy +
         R"("}, "fleet": {"workers": 3)" + fleet + "}}}\n";
}

const std::string update1 =
    R"({"event": "update", "update": 1, "time": 3.0, "grads": [)"
    R"({"worker": 0, "read": 0, "start": 0.0, "push": 2.0, "staleness": 0},)"
    R"({"worker": 1, "read": 0, "start": 0.0, "push": 3.0, "staleness": 0}],)"
    R"("idle": {"0": 1.0}, "cancelled": {"2": 3.0}})"
    "\n";
const std::string update2 =
    R"({"event": "update", "update": 2, "time": 6.0, "grads": [)"
    R"({"worker": 0, "read": 1, "start": 3.0, "push": 5.0, "staleness": 0},)"
    R"({"worker": 2, "read": 1, "start": 3.0, "push": 6.0, "staleness": 0}],)"
    R"("idle": {"0": 1.0}, "cancelled": {"1": 0.0}})"
    "\n";

Timings read(const std::string& text) {
  const TemporaryFolder folder;
  return read_timings(folder.write("run.jsonl", text));
}

std::string refusal(const std::string& text) {
  try {
    (void)read(text);
    return "";
  } catch (const DataError& error) {
    return error.what();
  }
}

bool warns(const Timings& timings, const std::string& part) {
  return std::any_of(
      timings.warnings.begin(), timings.warnings.end(),
      [&](const std::string& warning) { return warning.find(part) != std::string::npos; });
}

TEST_CASE("log of K-sync gives complete and cancelled jobs with their starts") {
  const Timings timings = read(head("k-sync(k=2)") + update1 + update2);
  CHECK(timings.workers == 3);
  CHECK(timings.warnings.empty());
  // The job cancelled in the instant of its start is none.
  REQUIRE(timings.jobs.size() == 5);
  const auto cut = std::find_if(timings.jobs.begin(), timings.jobs.end(),
                                [](const Timing& job) { return job.censored; });
  REQUIRE(cut != timings.jobs.end());
  CHECK(cut->worker == 2);
  CHECK(cut->seconds == 3);
  CHECK(cut->start == 0);
  CHECK(std::is_sorted(timings.jobs.begin(), timings.jobs.end(),
                       [](const Timing& a, const Timing& b) { return a.start < b.start; }));
}

TEST_CASE("log of a policy that cancels nothing counts what still runs as censored") {
  std::string first = update1;
  first.replace(first.find(R"({"2": 3.0})"), 10, "{}");
  for (const std::string policy : {"k-async(k=2)", "adasync(base=k-batch-async, k0=2)", "async",
                                   "auto(base=k-async)", "horizon(k_max=2)", "adasync(k0=2)"}) {
    CAPTURE(policy);
    const Timings timings = read(head(policy) + first);
    // Workers 0 and 1 began anew at the update, in the batch variant worker 0 at its push, at 2;
    // worker 2 has run from the start.
    const bool batches = policy.find("batch") != std::string::npos;
    REQUIRE(timings.jobs.size() == (batches ? 4 : 3));
    if (batches) {
      CHECK(timings.jobs.back().worker == 0);
      CHECK(timings.jobs.back().censored);
      CHECK(timings.jobs.back().seconds == 1);
    }
    const Timing& running = *std::find_if(timings.jobs.begin(), timings.jobs.end(),
                                          [](const Timing& job) { return job.worker == 2; });
    CHECK(running.censored);
    CHECK(running.seconds == 3);
  }
  CHECK(read(head("k-sync(k=2, rest=finish)") + first).jobs.size() == 2);
}

TEST_CASE("log cut at any byte is refused by its name, or read to its last whole record") {
  const std::string whole = head("sync") + update1 + update2;
  // A record is whole if only its newline is missing.
  const std::size_t first = head("sync").size() + update1.size() - 1;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    const std::string cut = whole.substr(0, length);
    if (length < first) {
      CHECK(refusal(cut).find("run.jsonl") != std::string::npos);
      continue;
    }
    const Timings timings = read(cut);
    const bool both = length + 1 == whole.size();
    CHECK(timings.jobs.size() == (both ? 5 : 3));
    CHECK(warns(timings, "cut off") == (length > first + 1 && !both));
  }
}

TEST_CASE("log with any one byte changed is refused by its name, or holds good times") {
  const std::string whole = head("k-async(k=2)") + update1 + update2;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char byte : {'\0', '\xff', '\n', '"', '}', ',', '.', '-', 'e', '9'}) {
      std::string changed = whole;
      changed[i] = byte;
      CAPTURE(changed);
      if (const auto message = refusal(changed); !message.empty()) {
        CHECK(message.find("run.jsonl") != std::string::npos);
        ++refused;
        continue;
      }
      const Timings timings = read(changed);
      for (const Timing& job : timings.jobs) {
        CHECK(job.worker < timings.workers);
        CHECK((job.seconds > 0 && std::isfinite(job.seconds)));
      }
    }
  }
  CHECK(refused > whole.size());
}

TEST_CASE("log with communication or dropped gradients is used with a warning") {
  CHECK(warns(read(head("sync", R"(, "latency": 0.1, "bandwidth": 0)") + update1), "latency"));
  const std::string end = R"({"event": "end", "gradients": {"dropped": 4}})"
                          "\n";
  CHECK(warns(read(head("sync") + update1 + end), "4 gradients were dropped"));
}

TEST_CASE("log of a fleet that did hardly anything is refused, whatever memory it would take") {
  const std::string big = R"({"event": "run", "schema": 1, "config": {"run": {"policy": "async"},)"
                          R"( "fleet": {"workers": 9000000}}})"
                          "\n";
  CHECK(refusal(big + update1).find("ended only 3 jobs") != std::string::npos);
  CHECK(refusal(R"({"event": "run", "schema": 1, "config": {"fleet": {"workers": 4e9}}})")
            .find("no whole number") != std::string::npos);
  CHECK(refusal("{\"event\": " + std::string(1000000, '[') + std::string(1000000, ']') + "}\n")
            .find("nest deeper") != std::string::npos);
}

TEST_CASE("log that is broken is refused with its line") {
  const std::string broken = head("sync") + "{\"event\": \"upd\n" + update1;
  CHECK(refusal(broken).find("line 2") != std::string::npos);
  CHECK(refusal(update1).find("first record") != std::string::npos);
  CHECK(refusal(head("sync")).find("no complete update") != std::string::npos);
  CHECK(refusal("{\"policy\": \"sync\"}\n").find("no event log") != std::string::npos);
  CHECK(refusal(head("sync") + head("sync")).find("second run") != std::string::npos);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"worker\": 1", "\"worker\": 9"},
                                                        {"\"worker\": 1", "\"worker\": -1"},
                                                        {"\"push\": 3.0", "\"push\": 0.0"},
                                                        {"\"push\": 3.0", "\"push\": null"},
                                                        {"{\"2\": 3.0}", "{\"two\": 3.0}"},
                                                        {"{\"2\": 3.0}", "{\"2\": -3.0}"},
                                                        {"\"schema\": 1", "\"schema\": 2"},
                                                        {"\"workers\": 3", "\"workers\": 0"}}) {
    CAPTURE(to);
    std::string text = head("sync") + update1;
    text.replace(text.find(from), from.size(), to);
    CHECK(refusal(text).find("no event log") != std::string::npos);
  }
}

}  // namespace
}  // namespace syncline::testing
