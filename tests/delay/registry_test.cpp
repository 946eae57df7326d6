#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "delay/fleet_laws.hpp"
#include "syncline/delay_law.hpp"
#include "syncline/error.hpp"

namespace syncline::testing {
namespace {

/// The message of the ConfigError that `text` brings; "" if it is accepted.
std::string refusal(const std::string& text) {
  try {
    (void)make_delay_law(text);
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the registry of delay laws has exactly the documented names and parameters") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> expected = {
      {"exponential", {"rate"}},
      {"shifted-exponential", {"shift", "rate"}},
      {"pareto", {"scale", "shape"}},
      {"weibull", {"shape", "scale"}},
      {"gamma", {"shape", "scale"}},
      {"lognormal", {"mu", "sigma"}},
      {"uniform", {"low", "high"}},
      {"constant", {"value"}},
      {"hyperexponential", {"p", "mean1", "mean2"}},
      {"empirical", {"file"}},
      {"service-times", {"file"}},
  };
  std::vector<std::pair<std::string, std::vector<std::string>>> actual;
  for (const auto& entry : delay_laws().entries()) {
    actual.push_back({entry.name, {}});
    for (const auto& parameter : entry.parameters) {
      actual.back().second.push_back(parameter.name);
      CHECK_FALSE(parameter.description.empty());
      CHECK_FALSE(parameter.default_value.has_value());
    }
    CHECK_FALSE(entry.summary.empty());
    CHECK_FALSE(entry.source.empty());
    CHECK(entry.summary.find('\n') == std::string::npos);
  }
  CHECK(actual == expected);
}

TEST_CASE("every law of the registry is among the laws that the other tests try") {
  const FleetLaws laws;
  std::set<std::string> tried;
  for (const auto& text : laws.texts()) tried.insert(parse_spec(text).name);
  for (const auto& name : delay_laws().names()) CHECK(tried.count(name) == 1);
}

TEST_CASE("a law's text, made again, gives the same law") {
  const FleetLaws laws;
  for (const auto& text : laws.texts()) {
    CHECK(make_delay_law(text)->text() == text);
    Spec bare = parse_spec(text);
    for (auto& argument : bare.arguments) argument.key.clear();
    CHECK(make_delay_law(to_text(bare))->text() == text);
  }
  CHECK(make_delay_law(" exponential( rate = 1e0 ) ")->text() == "exponential(rate=1)");
  CHECK(make_delay_law("uniform(high=2, low=0.10)")->text() == "uniform(low=0.1, high=2)");
}

TEST_CASE("a law's argument, replaced by a wrong one, is refused by law and parameter") {
  // What else than positive numbers each parameter takes.
  const std::map<std::string, std::set<std::string>> allowed = {
      {"shift", {"0"}}, {"low", {"0"}}, {"mu", {"0", "-1"}}, {"p", {"0"}}};
  const FleetLaws laws;
  int tried = 0;
  for (const auto& text : laws.texts()) {
    const Spec good = parse_spec(text);
    for (std::size_t i = 0; i < good.arguments.size(); ++i) {
      const std::string& key = good.arguments[i].key;
      if (key == "file") continue;
      for (const std::string wrong :
           {"nan", "inf", "-inf", "1e999", "-1", "0", "many", "1x", "0x10", "1 2", "--1"}) {
        const auto exception = allowed.find(key);
        if (exception != allowed.end() && exception->second.count(wrong) == 1) continue;
        Spec bad = good;
        bad.arguments[i].value = wrong;
        const std::string message = refusal(to_text(bad));
        CAPTURE(to_text(bad));
        CAPTURE(message);
        CHECK(contains(message, good.name));
        CHECK(contains(message, key));
        CHECK(contains(message, wrong));
        ++tried;
      }
    }
  }
  CHECK(tried > 200);
}

TEST_CASE("a law without one of its parameters, or with a strange one, is refused by name") {
  const FleetLaws laws;
  for (const auto& text : laws.texts()) {
    const Spec good = parse_spec(text);
    for (std::size_t i = 0; i < good.arguments.size(); ++i) {
      Spec lacking = good;
      lacking.arguments.erase(lacking.arguments.begin() + static_cast<std::ptrdiff_t>(i));
      const std::string message = refusal(to_text(lacking));
      CHECK(contains(message, good.name));
      CHECK(contains(message, "'" + good.arguments[i].key + "'"));
    }
    Spec extra = good;
    extra.arguments.push_back({"wobble", "1"});
    CHECK(contains(refusal(to_text(extra)), "wobble"));
    Spec twice = good;
    twice.arguments.push_back(good.arguments[0]);
    CHECK(contains(refusal(to_text(twice)), "twice"));
  }
}

TEST_CASE("a law whose arguments contradict each other is refused with the way out") {
  CHECK(contains(refusal("uniform(low=2, high=2)"), "above low"));
  CHECK(contains(refusal("uniform(low=2, high=1)"), "constant"));
  CHECK(contains(refusal("hyperexponential(p=1.5, mean1=1, mean2=2)"), "above 1"));
  CHECK(contains(refusal("lognormal(mu=0, sigma=0)"), "sigma"));
  CHECK(contains(refusal("gamma(shape=1e12, scale=1)"), "shape"));
  // Fine one by one, but every draw would be the smallest or the largest double.
  CHECK(contains(refusal("lognormal(mu=-100000, sigma=1)"), "extreme"));
  CHECK(contains(refusal("exponential(rate=1e-320)"), "extreme"));
  CHECK(refusal("hyperexponential(p=1, mean1=1, mean2=2)").empty());
  CHECK(refusal("hyperexponential(p=0, mean1=1, mean2=2)").empty());
}

TEST_CASE("an unknown law is refused with the nearest name and the list") {
  const std::string message = refusal("exponental(rate=1)");
  CHECK(contains(message, "did you mean 'exponential'"));
  for (const auto& name : delay_laws().names()) CHECK(contains(message, name));
  CHECK(contains(refusal("exponential(rte=1)"), "did you mean 'rate'"));
  CHECK_FALSE(refusal("").empty());
  CHECK_FALSE(refusal("exponential(rate=1").empty());
}

}  // namespace
}  // namespace syncline::testing
