#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "delay/fleet_laws.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

std::string refusal(const std::string& text, std::uint32_t workers) {
  try {
    (void)DelayProfile::parse(text, workers);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a bare law applies to all workers, and they share it") {
  const auto fleet = DelayProfile::parse("hyperexponential(0.9, 0.5, 5.5)", 8);
  CHECK(fleet.workers() == 8);
  CHECK(fleet.text() == "hyperexponential(p=0.9, mean1=0.5, mean2=5.5)");
  CHECK(fleet.groups().size() == 1);
  CHECK(&fleet.law(0) == &fleet.law(7));
}

TEST_CASE("a list of laws gives each worker, in order, its law") {
  const auto fleet =
      DelayProfile::parse(" 3*exponential(rate=1), 1 * uniform(1,2),4*exponential(0.2) ", 8);
  CHECK(fleet.text() == "3*exponential(rate=1),1*uniform(low=1, high=2),4*exponential(rate=0.2)");
  CHECK(fleet.groups().size() == 3);
  for (std::uint32_t worker = 0; worker < 8; ++worker) {
    CHECK(fleet.law(worker).mean() == (worker < 3 ? 1.0 : worker == 3 ? 1.5 : 5.0));
  }
}

TEST_CASE("a fleet written in two ways has one text") {
  const std::string text = DelayProfile::parse("constant(2)", 5).text();
  CHECK(DelayProfile::parse("5*constant(value=2)", 5).text() == text);
  const auto merged = DelayProfile::parse("2*constant(2.0),3*constant(2)", 5);
  CHECK(merged.text() == text);
  CHECK(merged.workers() == 5);
  CHECK(merged.groups().front().first == 5);
  const auto alternating = DelayProfile::parse("1*constant(1),1*constant(2),1*constant(1)", 3);
  CHECK(alternating.groups().size() == 3);
}

TEST_CASE("a fleet's text, parsed again, gives the same fleet") {
  CHECK(rc::check("round trip", [] {
    const auto counts = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(1u, 50u)));
    std::string text;
    for (const auto count : counts) {
      text += (text.empty() ? "" : ",") + std::to_string(count) + "*" + *continuous_law();
    }
    const auto workers = std::accumulate(counts.begin(), counts.end(), 0u);
    const auto fleet = DelayProfile::parse(text, workers);
    const auto again = DelayProfile::parse(fleet.text(), workers);
    RC_ASSERT(again.text() == fleet.text());
    const DrawKey key{1, *rc::gen::inRange(0u, workers), 0};
    RC_ASSERT(fleet.law(key.worker).sample(key) == again.law(key.worker).sample(key));
  }));
}

TEST_CASE("a fleet of a million workers in a thousand groups has a law for each") {
  std::string text;
  for (int i = 1; i <= 1000; ++i) {
    text += (i > 1 ? "," : "") + ("1000*constant(" + std::to_string(i) + ")");
  }
  const auto fleet = DelayProfile::parse(text, 1'000'000);
  for (std::uint32_t worker = 0; worker < 1'000'000; worker += 999) {
    CHECK(fleet.law(worker).mean() == worker / 1000 + 1);
  }
}

TEST_CASE("counts that do not sum to the workers are refused with their sum") {
  const std::string message = refusal("4*constant(1),5*constant(2)", 8);
  CHECK(contains(message, "sum to 9"));
  CHECK(contains(message, "8 workers"));
  CHECK(contains(refusal("4*constant(1)", 8), "sum to 4"));
  CHECK(contains(refusal("4000000000*constant(1),4000000000*constant(2)", 8), "8000000000"));
  // Beyond 64 bits, where a sum that wrapped around could be right by chance.
  CHECK(contains(refusal("18446744073709551615*constant(1),9*constant(2)", 8), "too large"));
}

TEST_CASE("a malformed fleet is refused with what is wrong") {
  CHECK(contains(refusal("constant(1),constant(2)", 2), "needs a count"));
  CHECK(contains(refusal("1*constant(1),constant(2)", 2), "'constant(2)' needs a count"));
  CHECK(contains(refusal("0*constant(1),2*constant(2)", 2), "at least 1"));
  CHECK(contains(refusal("-1*constant(1),3*constant(2)", 2), "whole number"));
  CHECK(contains(refusal("1.5*constant(1)", 2), "whole number"));
  CHECK(contains(refusal("*constant(1)", 2), "whole number"));
  CHECK(contains(refusal("2*", 2), "name is missing"));
  CHECK(contains(refusal("2*constant(1),", 2), "needs a count"));
  CHECK(contains(refusal("2*wobbly(1)", 2), "unknown delay law 'wobbly'"));
  CHECK(contains(refusal("2*constant(-1)", 2), "value"));
  CHECK(contains(refusal("  ", 2), "empty"));
  CHECK(contains(refusal("constant(1)", 0), "at least one worker"));
}

TEST_CASE("a fleet with service times that lack one of its workers is refused, with the worker") {
  const TemporaryFolder folder;
  const std::string file = "(file=" + folder.write("t", R"({"0": [1], "1": [2], "3": [4]})") + ")";
  CHECK(DelayProfile::parse("service-times" + file, 2).law(1).sample({0, 1, 0}) == 2);
  CHECK_THROWS_WITH_AS((void)DelayProfile::parse("service-times" + file, 3),
                       doctest::Contains("worker 2"), DataError);
  // Keys are numbers of workers in the fleet, not in the group.
  const auto mixed = DelayProfile::parse("3*constant(9),1*service-times" + file, 4);
  CHECK(mixed.law(3).sample({0, 3, 0}) == 4);
  CHECK_THROWS_AS((void)DelayProfile::parse("2*constant(9),2*service-times" + file, 4), DataError);
}

}  // namespace
}  // namespace syncline::testing
