#include <string>

#include <doctest/doctest.h>

#include "report/page_data.hpp"
#include "report/sample_document.hpp"
#include "report/sample_fit.hpp"
#include "report/sample_plan.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"
#include "syncline/report.hpp"

namespace syncline {
namespace {

using Json = nlohmann::ordered_json;
using test::complaint;
using test::data_of;
using test::for_each_member;

/// Takes every member away, and gives every member a wrong type: both must be refused by name.
/// `free` says which members may be missing.
template <class Free>
void check_refusals(const Json& document, const Free& free) {
  int members = 0;
  for_each_member(document, Json::json_pointer(),
                  [&](const auto& pointer, const std::string& name) {
                    auto broken = document;
                    broken.at(pointer.parent_pointer()).erase(name);
                    const auto missing = complaint(broken);
                    if (free(pointer.to_string(), name)) {
                      CHECK_MESSAGE(missing.empty(), pointer.to_string(), ": ", missing);
                    } else {
                      CHECK_MESSAGE(missing.find(name + "' is missing") != std::string::npos,
                                    pointer.to_string(), ": ", missing);
                    }
                    broken = document;
                    auto& member = broken.at(pointer);
                    member = member.is_boolean() ? Json("yes") : Json(true);
                    if (name != "log_likelihood") {
                      CHECK_MESSAGE(complaint(broken).find(name + "' ") != std::string::npos,
                                    pointer.to_string(), ": ", complaint(broken));
                    }
                    ++members;
                  });
  CHECK(members > 40);
}

TEST_CASE("plan page: a plan without one of its members, or with a wrong one, is refused") {
  check_refusals(test::sample_plan(), [](const std::string& path, const std::string& name) {
    return name == "curve" || path == "/workload/initial_loss" || path == "/workload/floor" ||
           path == "/workload/largest_curvature" || path == "/workload/noise_scale" ||
           path == "/recommendation/step_size" || path == "/recommendation/time";
  });
}

TEST_CASE("fit page: a fit without one of its members, or with a wrong one, is refused") {
  check_refusals(test::sample_fit(), [](const std::string& path, const std::string& name) {
    // A law's parameters are its own.
    return name == "log_likelihood" || path.ends_with("/shift") || path.ends_with("/rate");
  });
}

TEST_CASE("plan page: a fitted fleet is checked too, and gains the curves of its laws") {
  auto plan = test::sample_plan(true);
  const auto data = Json::parse(data_of(render_report(plan)));
  CHECK(data.at("fleet").at("fit").at("pooled").at("fitted").at("laws").size() == 3);
  plan["fleet"]["fit"]["pooled"].erase("qq");
  CHECK(complaint(plan).find("'pooled.qq' is missing") != std::string::npos);
}

TEST_CASE("report: a document of unknown kind is refused with what there is a page for") {
  auto document = test::sample_plan();
  document["kind"] = "constants";
  const auto message = complaint(document);
  CHECK(message.find("'constants'") != std::string::npos);
  CHECK(message.find("a race, a run, a plan and a fit") != std::string::npos);
  CHECK_THROWS_AS(static_cast<void>(render_table(test::sample_plan(), false)), DataError);
}

TEST_CASE("plan and fit page: another schema is refused with both numbers") {
  for (auto document : {test::sample_plan(), test::sample_fit()}) {
    document["schema"] = 2;
    const auto message = complaint(document);
    CHECK(message.find("schema 2") != std::string::npos);
    CHECK(message.find("schema 1") != std::string::npos);
  }
}

TEST_CASE("plan and fit page: text that HTML would interpret, embedded, stays data") {
  const std::string nasty = "</script><script>alert(1)</script><!-- \xE2\x80\xA8 & \"";
  auto plan = test::sample_plan();
  plan["recommendation"]["reason"] = nasty;
  plan["hints"] = {nasty};
  auto fit = test::sample_fit();
  fit["findings"] = {nasty};
  for (const auto& document : {plan, fit}) {
    CHECK(data_of(render_report(document)).find('<') == std::string::npos);
  }
  CHECK(Json::parse(data_of(render_report(plan))).at("recommendation").at("reason") == nasty);
  CHECK(Json::parse(data_of(render_report(fit))).at("findings")[0] == nasty);
}

TEST_CASE("fit page: the curves of the laws are those of the delay laws, on a rising grid") {
  const auto fit = test::sample_fit();
  const auto data = Json::parse(data_of(render_report(fit)));
  for (const auto& group : {data.at("pooled"), data.at("workers")[3].at("fit")}) {
    const auto& time = group.at("fitted").at("time");
    REQUIRE(time.size() > 20);
    for (std::size_t i = 0; i < group.at("fitted").at("laws").size(); ++i) {
      const auto& curve = group.at("fitted").at("laws")[i];
      CHECK(curve.at("law") == group.at("laws")[i].at("law"));
      const auto law = make_delay_law(curve.at("law").get<std::string>());
      for (std::size_t j = 0; j < time.size(); ++j) {
        // Both are rounded to six digits; the steepest law here has a rate below 20.
        CHECK(curve.at("survival")[j].get<double>() ==
              doctest::Approx(law->survival(time[j].get<double>())).epsilon(1e-3));
        if (j > 0) CHECK(time[j].get<double>() > time[j - 1].get<double>());
      }
    }
  }
}

TEST_CASE("fit page: a law that is unknown, or that would read a file, is refused with its path") {
  for (const char* law : {"cauchy(scale=1)", "empirical(file=/etc/hostname)",
                          "exponential(rate=-1)", "exponential(", ""}) {
    auto fit = test::sample_fit();
    fit["workers"][2]["fit"]["laws"][0]["law"] = law;
    CHECK_MESSAGE(complaint(fit).find("workers[2].fit.laws[0].law") != std::string::npos, law);
  }
}

TEST_CASE("fit page: a fleet too large for a page is thinned, and the page says so") {
  const auto page = render_report(test::sample_fit(400));
  CHECK(page.size() < 1'900'000);
  const auto data = Json::parse(data_of(page));
  CHECK(data.at("thinned") == true);
  CHECK(data.at("workers").size() == 400);
  CHECK(data.at("workers")[5].at("fit").at("laws").size() == 1);
}

TEST_CASE("race page with a plan: the plan is in it, without the laws of its fleet") {
  const auto both = with_plan(test::sample_document(5), test::sample_plan(true));
  const auto data = Json::parse(data_of(render_report(both)));
  CHECK(data.at("kind") == "race");
  CHECK(data.at("plan").at("candidates").size() == test::sample_plan().at("candidates").size());
  CHECK(data.at("plan").at("fleet").at("fit").is_null());
}

TEST_CASE(
    "race page with a plan: another fleet or another target is refused, a missing one is not") {
  const auto race = test::sample_document(5);
  const auto problem = [&](const Json& plan) -> std::string {
    try {
      static_cast<void>(with_plan(race, plan));
    } catch (const DataError& error) {
      return error.what();
    }
    return "";
  };
  auto plan = test::sample_plan();
  plan["fleet"]["workers"] = 16;
  CHECK(problem(plan).find("for 16 workers, the race has 8") != std::string::npos);
  plan = test::sample_plan();
  plan["target"]["value"] = 0.25;
  CHECK(problem(plan).find("test_error 0.25, the race at a test_error 0.18") != std::string::npos);
  plan["target"]["value"] = nullptr;
  CHECK(problem(plan).empty());
  plan.erase("hints");
  CHECK(problem(plan).find("'hints' is missing") != std::string::npos);
  CHECK(problem(race).find("plan document") != std::string::npos);
}

TEST_CASE("race page with a plan: a broken plan in the document is refused") {
  auto both = with_plan(test::sample_document(5), test::sample_plan());
  both["plan"]["candidates"][0]["curve"][3] = {1.0};
  CHECK(complaint(both).find("candidates[0].curve[3]' does not have 2 values") !=
        std::string::npos);
}

}  // namespace
}  // namespace syncline
