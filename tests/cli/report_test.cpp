#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

/// What the plans and the race of these tests have in common, and what `more` adds.
std::vector<std::string> small(const std::string& command, const std::vector<std::string>& more) {
  std::vector<std::string> words = {command,
                                    "--delay",
                                    "exponential(rate=1)",
                                    "--model",
                                    "quadratic(dimension=20, noise=1)",
                                    "--batch",
                                    "1",
                                    "--metric",
                                    "train_loss",
                                    "--target",
                                    "0.5",
                                    "--step-sizes",
                                    "same",
                                    "--step-size",
                                    "0.05"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

void check_page(const TemporaryFolder& folder, const std::vector<std::string>& arguments,
                const std::string& page) {
  const Ended ended = syncline_run(arguments, folder.path());
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  CHECK(read_text(folder.path() / page).find("<html") != std::string::npos);
}

TEST_CASE("report draws what plan and fit save, and a race with its plan") {
  const TemporaryFolder folder;
  const std::vector<std::string> race = {
      "--workers", "4",      "--title", "small",  "--policies", "async",    "--seeds",
      "2",         "--time", "200",     "--save", "race.json",  "--report", "none"};
  REQUIRE(syncline_run(small("race", race), folder.path()).exit == 0);
  check_page(folder,
             small("plan", {"--workers", "4", "--measure", "--save", "plan.json", "--report",
                            "first.html"}),
             "first.html");
  check_page(folder, {"report", "plan.json"}, "plan.html");
  check_page(folder, {"report", "race.json", "both.html", "--plan", "plan.json"}, "both.html");
  CHECK(read_text(folder.path() / "both.html").find("\"plan\":{\"schema\":1") != std::string::npos);

  REQUIRE(syncline_run({"simulate", "--policy", "k-sync(k=2)", "--workers", "4", "--delay",
                        "gamma(shape=3, scale=1)", "--updates", "100", "--log", "run.jsonl"},
                       folder.path())
              .exit == 0);
  REQUIRE(syncline_run({"fit", "run.jsonl", "--save", "fit.json"}, folder.path()).exit == 0);
  check_page(folder, {"report", "fit.json"}, "fit.html");
  check_page(folder,
             {"plan", "--timings", "run.jsonl", "--what-if", "sync", "--report", "fitted.html"},
             "fitted.html");

  SUBCASE("a plan for another fleet, or what is no plan, is a data error and writes no page") {
    REQUIRE(syncline_run(small("plan", {"--workers", "6", "--measure", "--save", "six.json"}),
                         folder.path())
                .exit == 0);
    for (const char* wrong : {"six.json", "race.json", "fit.json", "run.jsonl", "absent.json"}) {
      CAPTURE(wrong);
      const Ended ended =
          syncline_run({"report", "race.json", "wrong.html", "--plan", wrong}, folder.path());
      CHECK(ended.exit == 3);
      CHECK(ended.err.rfind("syncline: error: ", 0) == 0);
      CHECK_FALSE(std::filesystem::exists(folder.path() / "wrong.html"));
    }
  }
  SUBCASE("a page that would overwrite its plan is refused") {
    const Ended ended =
        syncline_run({"report", "race.json", "plan.json", "--plan", "plan.json"}, folder.path());
    CHECK(ended.exit == 2);
    CHECK(ended.err.find("overwrite its own plan") != std::string::npos);
  }
}

}  // namespace
}  // namespace syncline
