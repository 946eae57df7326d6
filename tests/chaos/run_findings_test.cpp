#include "chaos/run_findings.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

constexpr const char* printed =
    R"({"outcome":"finished","updates":2,"settings":[{"policies":[{"final_loss":{"mean":0.25}}]}]})"
    "\n";

/// Two updates of two gradients; one was lost, one is in flight.
std::string log_of(const std::string& account) {
  return R"({"event":"run"}
{"event":"down","time":0.0,"worker":0}
{"event":"note","time":1.0,"text":"worker 0 (127.0.0.1:1) is up"}
{"event":"update","update":1,"grads":[{},{}]}
{"event":"down","time":2.0,"worker":0}
{"event":"note","time":2.5,"text":"worker 0 (127.0.0.1:2) is up"}
{"event":"update","update":2,"grads":[{},{}]}
)" + account;
}

std::string account(int started, int computed, int applied, int held, int lost) {
  return R"({"event":"end","gradients":{"started":)" + std::to_string(started) + R"(,"computed":)" +
         std::to_string(computed) + R"(,"applied":)" + std::to_string(applied) +
         R"(,"dropped":0,"held":)" + std::to_string(held) +
         R"(,"cancelled":0,"in_flight":1,"lost":)" + std::to_string(lost) +
         R"(},"oddities":{"refused: token":3}})" + "\n";
}

RunFindings found(const std::string& said, const std::string& log) {
  const TemporaryFolder folder;
  return find_in_run(folder.write("printed", said), folder.write("log", log));
}

TEST_CASE("a run whose papers agree: its loss, its account, and nothing wrong") {
  const RunFindings run = found(printed, log_of(account(7, 5, 4, 1, 1)));
  CHECK(run.discrepancy.empty());
  CHECK(run.final_loss == 0.25);
  CHECK(run.outcome == "finished");
  CHECK(run.updates == 2);
  CHECK(run.downs == 1);
  CHECK(run.account.at("lost") == 1);
  CHECK(run.oddities.at("refused: token") == 3);
  // Of a server that was started again, the last result counts.
  CHECK(found("{\"outcome\":\"other\"}\n" + std::string(printed), log_of(account(7, 5, 4, 1, 1)))
            .outcome == "finished");
}

TEST_CASE("each law of the account that is broken is named") {
  const auto wrong = [](const std::string& log) { return found(printed, log).discrepancy; };
  CHECK(wrong(log_of(account(8, 5, 4, 1, 1))).find("started") != std::string::npos);
  CHECK(wrong(log_of(account(8, 6, 4, 1, 1))).find("computed are not") != std::string::npos);
  CHECK(wrong(log_of(account(7, 5, 5, 0, 1))).find("update records") != std::string::npos);
  std::string twice = log_of(account(7, 5, 4, 1, 1));
  twice.replace(twice.find("\"update\":2"), 10, "\"update\":1");
  CHECK(wrong(twice).find("follows") != std::string::npos);
  const std::string more = R"({"event":"update","update":3,"grads":[]})"
                           "\n";
  CHECK(wrong(log_of(more + account(7, 5, 4, 1, 1))).find("updates in the log") !=
        std::string::npos);
}

TEST_CASE("papers that are missing, cut short or of something else are errors") {
  const std::string good = log_of(account(7, 5, 4, 1, 1));
  CHECK_THROWS_AS(found("", good), DataError);
  CHECK_THROWS_AS(found("{}\n", good), DataError);
  CHECK_THROWS_AS(found("no JSON\n", good), DataError);
  CHECK_THROWS_AS(found(printed, log_of("")), DataError);
  CHECK_THROWS_AS(found(printed, log_of(R"({"event":"end","gradients":{}})")), DataError);
  CHECK_THROWS_AS(static_cast<void>(find_in_run("/nowhere/out", "/nowhere/log")), DataError);
}

}  // namespace
}  // namespace syncline
