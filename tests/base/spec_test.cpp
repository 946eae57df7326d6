#include "syncline/spec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

rc::Gen<std::string> word() {
  return rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("abkxyz0189-_./"))));
}

Spec random_spec(int depth) {
  Spec spec;
  spec.name = *word();
  const int arguments = *rc::gen::inRange(0, 4);
  for (int i = 0; i < arguments; ++i) {
    SpecArgument argument;
    if (*rc::gen::arbitrary<bool>()) argument.key = *word();
    // A nested spec is kept as text.
    const bool nested = depth > 0 && *rc::gen::arbitrary<bool>();
    argument.value = nested ? to_text(random_spec(depth - 1)) : *word();
    spec.arguments.push_back(argument);
  }
  return spec;
}

TEST_CASE("a spec, nested at random, is parsed back from its text") {
  CHECK(rc::check("parse(to_text(s)) == s", [] {
    const Spec spec = random_spec(3);
    RC_ASSERT(parse_spec(to_text(spec)) == spec);
  }));
}

TEST_CASE("a spec, spaces around its tokens, is the one without") {
  CHECK(parse_spec("  f ( a = 1 , g( b=2, 3 ) )\n") == parse_spec("f(a=1,g( b=2, 3 ))"));
  CHECK(parse_spec("f()") == parse_spec("f"));
}

TEST_CASE("a spec with nested specs, parsed, keeps keys and values of the outermost") {
  const Spec spec = parse_spec("adasync(base=k-async(k=2), 60, x=a=b)");
  CHECK(spec.name == "adasync");
  REQUIRE(spec.arguments.size() == 3);
  CHECK(spec.arguments[0] == SpecArgument{"base", "k-async(k=2)"});
  CHECK(spec.arguments[1] == SpecArgument{"", "60"});
  CHECK(spec.arguments[2] == SpecArgument{"x", "a=b"});
  // Here the '=' belongs to the inner spec, and the argument is a bare value.
  CHECK(parse_spec("f(g(k=2))").arguments[0] == SpecArgument{"", "g(k=2)"});
}

TEST_CASE("a spec, malformed in any way, is refused with its text in the message") {
  for (const char* text :
       {"", "   ", "(a=1)", "f(", "f(a", "f)", "f(a))", "f(a)b", "f(a)(b)", "f(,)", "f(a,)",
        "f(=1)", "f(a=)", "a b(c)", "f,g", "a=b", "f((a)", "f(a,,b)"}) {
    CAPTURE(text);
    std::string message;
    try {
      static_cast<void>(parse_spec(text));
    } catch (const ConfigError& error) {
      message = error.what();
    }
    CHECK(message.find("can't read '") == 0);
  }
}

TEST_CASE("a spec parser, given any text, parses or throws ConfigError") {
  CHECK(rc::check("nothing else comes out", [] {
    const auto text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab1(),= \t")));
    try {
      const Spec spec = parse_spec(text);
      RC_ASSERT(parse_spec(to_text(spec)) == spec);
    } catch (const ConfigError&) {
      RC_TAG("refused");
    }
  }));
}

TEST_CASE("a list, split outside brackets, keeps what is in brackets whole") {
  CHECK(split_outside_brackets("", ',').empty());
  CHECK(split_outside_brackets(" ", ',').empty());
  CHECK(split_outside_brackets("a", ',') == std::vector<std::string>{"a"});
  CHECK(split_outside_brackets(" 4*f(a,b) , g(h(1,2),3) ,", ',') ==
        std::vector<std::string>{"4*f(a,b)", "g(h(1,2),3)", ""});
}

TEST_CASE("nearest name, a slip of the keyboard, finds the name meant") {
  const std::vector<std::string> names = {"k-sync",        "k-batch-sync", "k-async",
                                          "k-batch-async", "async",        "adasync"};
  CHECK(nearest_name("k-asink", names) == "k-async");
  CHECK(nearest_name("k-bach-async", names) == "k-batch-async");
  CHECK(nearest_name("adasinc", names) == "adasync");
  CHECK(nearest_name("sync-k", {}) == std::nullopt);
  CHECK(nearest_name("exponential", names) == std::nullopt);
}

TEST_CASE("nearest name, one letter changed at random, finds the name") {
  const std::vector<std::string> names = {"exponential", "hyperexponential", "lognormal"};
  CHECK(rc::check("one substitution, insertion or deletion", [&] {
    const auto& name = *rc::gen::elementOf(names);
    std::string wrong = name;
    const auto at = *rc::gen::inRange<std::size_t>(0, wrong.size());
    const int kind = *rc::gen::inRange(0, 3);
    if (kind == 0) wrong[at] = '?';
    if (kind == 1) wrong.insert(at, 1, '?');
    if (kind == 2) wrong.erase(at, 1);
    RC_ASSERT(nearest_name(wrong, names) == name);
  }));
}

}  // namespace
}  // namespace syncline
