#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "syncline/registry.hpp"
#include "syncline/spec.hpp"

namespace syncline {
namespace {

const std::vector<Parameter> parameters = {{"rate", "events per unit of time", std::nullopt},
                                           {"shift", "the fixed part", "0"},
                                           {"exact", "whether", "false"}};

Arguments read(const std::string& text) { return {parse_spec(text), parameters}; }

/// The message of the ConfigError that `act` throws; empty if it throws none.
template <class Act>
std::string refusal(Act&& act) {
  try {
    act();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("arguments, named, bare and left out, are read in the order of declaration") {
  const Arguments named = read("law(shift=2, rate=3)");
  CHECK(named.number("rate") == 3);
  CHECK(named.number("shift") == 2);
  const Arguments bare = read("law(3, 2, yes)");
  CHECK(bare.number("rate") == 3);
  CHECK(bare.number("shift") == 2);
  CHECK(bare.boolean("exact"));
  const Arguments defaults = read("law(0.5)");
  CHECK(defaults.number("shift") == 0);
  CHECK_FALSE(defaults.boolean("exact"));
  CHECK(defaults.given("shift"));
  CHECK_FALSE(defaults.given("scale"));
  CHECK_THROWS_AS(static_cast<void>(defaults.text("scale")), InternalError);
}

TEST_CASE("arguments, unknown, repeated, missing or too many, are refused by name") {
  const std::string unknown = refusal([] { read("law(rte=3)"); });
  CHECK(contains(unknown, "'law' has no parameter 'rte'"));
  CHECK(contains(unknown, "did you mean 'rate'?"));
  CHECK(contains(unknown, "rate shift exact"));
  CHECK(contains(refusal([] { read("law(rate=3, rate=4)"); }), "gives 'rate' twice"));
  CHECK(contains(refusal([] { read("law(3, rate=4)"); }), "gives 'rate' twice"));
  CHECK(contains(refusal([] { read("law(shift=3)"); }), "needs the parameter 'rate'"));
  CHECK(contains(refusal([] { read("law(1, 2, no, 4)"); }), "an argument too many: '4'"));
  CHECK(contains(refusal([] { Arguments(parse_spec("f(a=1)"), {}); }), "it takes none"));
}

TEST_CASE("numbers, every kind of reader, accept what they should and nothing else") {
  for (const char* text : {"1", "-2.5", "1e-3", "0", "1e300"}) {
    CAPTURE(text);
    CHECK(read("law(" + std::string(text) + ")").number("rate") == std::stod(text));
  }
  for (const char* text : {"nan", "inf", "-inf", "1e999", "x", "1x", "1 2", "0x10", "--1"}) {
    CAPTURE(text);
    const Arguments arguments = read("law(" + std::string(text) + ")");
    const std::string message = refusal([&] { static_cast<void>(arguments.number("rate")); });
    CHECK(contains(message, "rate must be a finite number"));
    CHECK(contains(message, "law(" + std::string(text) + ")"));
    CHECK_FALSE(refusal([&] { static_cast<void>(arguments.positive("rate")); }).empty());
    CHECK_FALSE(refusal([&] { static_cast<void>(arguments.whole("rate")); }).empty());
  }
  CHECK(read("law(0.5)").positive("rate") == 0.5);
  CHECK(contains(refusal([] { static_cast<void>(read("law(0)").positive("rate")); }), "above 0"));
  CHECK(contains(refusal([] { static_cast<void>(read("law(-1)").positive("rate")); }), "above 0"));
  CHECK(read("law(0)").non_negative("rate") == 0);
  CHECK(contains(refusal([] { static_cast<void>(read("law(-1)").non_negative("rate")); }),
                 "must not be negative, not '-1'"));
}

TEST_CASE("whole numbers, in all their ways of writing, are read exactly") {
  CHECK(parse_whole("0", "n") == 0);
  CHECK(parse_whole("1_000_000", "n") == 1000000);
  CHECK(parse_whole("1e6", "n") == 1000000);
  CHECK(parse_whole("200000.0", "n") == 200000);
  CHECK(parse_whole("18446744073709551615", "n") == UINT64_MAX);
  for (const char* text :
       {"", "_", "-1", "1.5", "1e-3", "1e17", "18446744073709551616", "nan", "inf", "12a", " 1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(parse_whole(text, "n")), ConfigError);
  }
  CHECK(contains(refusal([] { static_cast<void>(parse_whole("-1", "the count")); }),
                 "the count must be a whole number from 0 on, not '-1'"));
  CHECK(read("law(7)").at_least_one("rate") == 7);
  CHECK(contains(refusal([] { static_cast<void>(read("law(0)").at_least_one("rate")); }),
                 "must be at least 1, not '0'"));
}

TEST_CASE("whole numbers and numbers, any, are read back from their text") {
  CHECK(rc::check("round trip", [](std::uint64_t n) {
    RC_ASSERT(parse_whole(std::to_string(n), "n") == n);
    RC_ASSERT(parse_number(std::to_string(n >> 12), "n") == static_cast<double>(n >> 12));
  }));
}

TEST_CASE("truth values, the six words, are read and others refused") {
  for (const char* word : {"true", "yes", "1"}) {
    CHECK(read("law(rate=1, exact=" + std::string(word) + ")").boolean("exact"));
  }
  for (const char* word : {"false", "no", "0"}) {
    CHECK_FALSE(read("law(rate=1, exact=" + std::string(word) + ")").boolean("exact"));
  }
  CHECK(contains(
      refusal([] { static_cast<void>(read("law(rate=1, exact=maybe)").boolean("exact")); }),
      "exact must be true or false, not 'maybe'"));
}

TEST_CASE("a registry, asked for an unknown name, offers the nearest and lists all") {
  const Registry<int> registry("toy", {{"wheel", "", "", {}, 1}, {"doll", "", "", {}, 2}});
  CHECK(registry.find("doll").make == 2);
  const std::string message = refusal([&] { static_cast<void>(registry.find("weel")); });
  CHECK(contains(message, "unknown toy 'weel'; did you mean 'wheel'? (valid: wheel, doll)"));
}

}  // namespace
}  // namespace syncline
