#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "report/page_data.hpp"
#include "report/sample_document.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using test::complaint;
using test::data_of;
using test::for_each_member;

TEST_CASE("report: the sample document, rendered, comes back unchanged but for rounding") {
  const auto document = test::sample_document(30);
  const auto page = render_report(document);
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</html>\n"));
  const auto back = Json::parse(data_of(page));
  CHECK(back.at("config") == document.at("config"));
  CHECK_FALSE(back.contains("thinned"));
  const auto& before = document.at("settings")[0].at("policies")[3].at("curves")[0].at("compute");
  const auto& after = back.at("settings")[0].at("policies")[3].at("curves")[0].at("compute");
  REQUIRE(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i].get<double>() == doctest::Approx(before[i].get<double>()).epsilon(1e-5));
  }
}

TEST_CASE("report: a page asks for nothing from outside and lets only its own script run") {
  const std::string frame = std::string(page_head) + std::string(page_tail);
  CHECK(frame.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
  for (const char* foreign : {"<link", "<img", "<iframe", "@import", "src=\"http", "url(http"}) {
    CHECK_MESSAGE(frame.find(foreign) == std::string::npos, foreign);
  }
}

TEST_CASE("report: text that HTML or JavaScript would interpret, embedded, stays data") {
  auto document = test::sample_document(5);
  const std::string nasty = "</script><script>alert(1)</script><!-- \xE2\x80\xA8 \xE2\x80\xA9 & \"";
  document["title"] = nasty;
  document["config"]["nasty"] = nasty;
  const auto data = data_of(render_report(document));
  CHECK(data.find('<') == std::string::npos);
  CHECK(data.find("\xE2\x80\xA8") == std::string::npos);
  CHECK(data.find("\xE2\x80\xA9") == std::string::npos);
  CHECK(Json::parse(data).at("title") == nasty);
}

TEST_CASE("report: any title, embedded, comes back and holds no markup") {
  auto document = test::sample_document(2);
  CHECK(rc::check("title round trip", [&](const std::string& title) {
    // Arbitrary bytes: what is not UTF-8 is replaced, never an error.
    document["title"] = title;
    const auto data = data_of(render_report(document));
    RC_ASSERT(data.find('<') == std::string::npos);
    RC_ASSERT(Json::parse(data).at("title").is_string());
  }));
}

TEST_CASE("report: a document without one of its members is refused with the member's name") {
  const auto document = test::sample_document(3);
  int members = 0;
  for_each_member(
      document, Json::json_pointer(), [&](const auto& pointer, const std::string& name) {
        const std::string path = pointer.to_string();
        // The configuration is shown as it is; these few are for other readers of the document.
        const bool free = path.starts_with("/config/") || path.starts_with("/grid") ||
                          name == "runner_up" || name == "difference" || name == "tuning";
        auto broken = document;
        broken.at(pointer.parent_pointer()).erase(name);
        const auto message = complaint(broken);
        if (free) {
          CHECK_MESSAGE(message.empty(), path);
        } else {
          CHECK_MESSAGE(message.find(name + "' is missing") != std::string::npos, path, ": ",
                        message);
          ++members;
        }
      });
  CHECK(members > 50);
}

TEST_CASE("report: a member of the wrong type is refused with its path") {
  auto document = test::sample_document(3);
  document["settings"][1]["policies"][2]["updates"] = "many";
  CHECK(complaint(document).find("'settings[1].policies[2].updates' is not a number") !=
        std::string::npos);

  document = test::sample_document(3);
  document["settings"][0]["policies"][1]["curves"][4]["compute"].push_back(1.0);
  CHECK(complaint(document).find("settings[0].policies[1].curves[4].compute' has 5 values where "
                                 "time has 4") != std::string::npos);

  document = test::sample_document(3);
  document["settings"][0]["policies"][0]["timeline"]["spans"][0] = {0, "compute", 1.0};
  CHECK(complaint(document).find("timeline.spans[0]' does not have 4") != std::string::npos);
}

TEST_CASE("report: a document of another schema is refused with both numbers") {
  auto document = test::sample_document(2);
  document["schema"] = 2;
  const auto message = complaint(document);
  CHECK(message.find("schema 2") != std::string::npos);
  CHECK(message.find("schema 1") != std::string::npos);
}

TEST_CASE("report: 8 policies x 2 settings x 5 seeds x 100 points, rendered, are not thinned") {
  const auto page = render_report(test::sample_document(100));
  CHECK(page.size() < 1'900'000);
  CHECK_FALSE(Json::parse(data_of(page)).contains("thinned"));
}

TEST_CASE("report: a document of 3,000 points a curve, rendered, is thinned to fit") {
  const auto document = test::sample_document(3000);
  const auto page = render_report(document);
  CHECK(page.size() < 1'900'000);
  const auto back = Json::parse(data_of(page));
  CHECK(back.at("thinned") == true);
  const auto& before = document.at("settings")[0].at("policies")[0].at("curves")[0].at("time");
  const auto& after = back.at("settings")[0].at("policies")[0].at("curves")[0].at("time");
  CHECK(after.size() < before.size());
  CHECK(after.front() == before.front());
  CHECK(after.back() == before.back());
}

TEST_CASE("report: a document that no thinning makes small enough is refused") {
  auto document = test::sample_document(2);
  document["config"]["blob"] = std::string(3'000'000, 'x');
  CHECK(complaint(document).find("too large for one page") != std::string::npos);
}

}  // namespace
}  // namespace syncline
