#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "report/sample_document.hpp"
#include "report/text_columns.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST_CASE("text columns: cells of different width, laid out, end in the same column") {
  TextColumns columns({"name", "value"});
  columns.add({"a", "1.5 ± 0.2"});
  columns.add({"longer", "7"});
  const auto lines = lines_of(columns.text(false));
  REQUIRE(lines.size() == 3);
  for (const auto& line : lines) CHECK(display_width(line) == display_width(lines[0]));
  CHECK(lines[2] == "  longer          7");
}

TEST_CASE("text columns: a row of the wrong length is a broken invariant") {
  TextColumns columns({"name", "value"});
  CHECK_THROWS_AS(columns.add({"alone"}), InternalError);
}

TEST_CASE("wrap_text: a long text, wrapped, keeps its words and its width") {
  const auto lines = lines_of(wrap_text("one two three four five six seven", 14, 2));
  CHECK(lines == std::vector<std::string>{"  one two", "  three four", "  five six", "  seven"});
}

TEST_CASE("table: the sample document, without colour, holds both settings and no escapes") {
  const auto document = test::sample_document(40);
  const auto text = render_table(document, false);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("the same step size for all") != std::string::npos);
  CHECK(text.find("step sizes tuned for each policy") != std::string::npos);
  CHECK(text.find("target: test error 18.0 %") != std::string::npos);
  for (const auto& policy : document.at("settings")[0].at("policies")) {
    // Longer ones are cut there, where that leaves them different.
    const auto head = policy.at("policy").get<std::string>().substr(0, 25);
    CHECK_MESSAGE(text.find(head) != std::string::npos, head);
  }
  for (const auto& line : lines_of(text)) CHECK_MESSAGE(display_width(line) <= 118, line);
}

TEST_CASE("table: with colour the winner's row is set apart, and only escapes are added") {
  const auto document = test::sample_document(40);
  auto coloured = render_table(document, true);
  const auto winner = document.at("settings")[1].at("verdict").at("winner").get<std::string>();
  CHECK(coloured.find("\x1b[1;32m  " + winner) != std::string::npos);
  for (const char* escape : {"\x1b[1;32m", "\x1b[1m", "\x1b[2m", "\x1b[0m"}) {
    for (auto at = coloured.find(escape); at != std::string::npos; at = coloured.find(escape)) {
      coloured.erase(at, std::string(escape).size());
    }
  }
  CHECK(coloured == render_table(document, false));
}

TEST_CASE("table: policies stand fastest first, a missed target last, a divergence below") {
  auto document = test::sample_document(40);
  auto& policies = document["settings"][0]["policies"];
  policies[1]["time_to_target"]["mean"] = 0.5;
  policies[2]["time_to_target"]["mean"] = nullptr;
  policies[2]["time_to_target"]["reached"] = 0;
  policies[2]["diverged"] = {{{"seed", 3}, {"update", 317}}};
  const auto lines = lines_of(render_table(document, false));
  CHECK(lines[3].find("k-sync(k=4)") != std::string::npos);
  const auto text = render_table(document, false);
  CHECK(text.find("missed") != std::string::npos);
  CHECK(text.find("k-batch-sync(k=4) diverged with seed 3 at update 317.") != std::string::npos);
}

TEST_CASE("table: long names that would look alike when cut are written in full") {
  auto document = test::sample_document(5);
  auto& policies = document["settings"][0]["policies"];
  policies[6]["policy"] = "adasync(base=k-async, k0=1, interval=25)";
  policies[7]["policy"] = "adasync(base=k-async, k0=1, interval=60)";
  const auto text = render_table(document, false);
  CHECK(text.find("adasync(base=k-async, k0=1, interval=25)") != std::string::npos);
  CHECK(text.find("adasync(base=k-async, k0=1, interval=60)") != std::string::npos);
}

TEST_CASE("table: an interrupted race says so") {
  auto document = test::sample_document(5);
  document["interrupted"] = true;
  CHECK(render_table(document, false).find("Interrupted") != std::string::npos);
}

TEST_CASE("table: whose runs an interruption has cut has not missed the target, others have") {
  auto document = test::sample_document(5);
  auto& settings = document["settings"];
  settings.erase(1);
  auto& policies = settings[0]["policies"];
  for (auto& policy : policies) {
    policy["time_to_target"]["mean"] = nullptr;
    policy["time_to_target"]["reached"] = 0;
  }
  const auto count = [&](const std::string& word) {
    const std::string text = render_table(document, false);
    std::size_t found = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++found;
    return found;
  };
  document["config"]["stop"]["time"] = policies[0]["curves"][0]["time"].back();
  CHECK(count("missed") == policies.size());
  document["interrupted"] = true;
  CHECK(count("missed") == policies.size());
  policies[1]["curves"].erase(0);                                      // a seed that never ran
  for (auto& curve : policies[2]["curves"]) curve["time"].back() = 0;  // runs that were cut
  CHECK(count("not yet") == 2);
  CHECK(count("missed") == policies.size() - 2);
  policies[2]["diverged"] = nlohmann::ordered_json::array();
  for (const auto& seed : document["seeds"]) {
    policies[2]["diverged"].push_back({{"seed", seed}, {"update", 3}});
  }
  CHECK(count("not yet") == 1);
}

}  // namespace
}  // namespace syncline
