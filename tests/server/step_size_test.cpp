#include "syncline/step_size.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

double factor(const char* schedule, double updates, double epochs = 0,
              double epochs_per_update = 0) {
  return make_schedule(schedule)->factor({updates, epochs, epochs_per_update});
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-14; }

TEST_CASE("schedules, in updates, take the values of their definitions") {
  CHECK(factor("constant", 1e9) == 1);
  CHECK(factor("step(every=100, gamma=0.5)", 99) == 1);
  CHECK(factor("step(every=100, gamma=0.5)", 100) == 0.5);
  CHECK(factor("step(every=100, gamma=0.5)", 350) == 0.125);
  CHECK(near(factor("step(every=10)", 20), 0.01));
  CHECK(factor("cosine(length=100)", 0) == 1);
  CHECK(near(factor("cosine(length=100)", 50), 0.5));
  CHECK(near(factor("cosine(length=100)", 25), (1 + std::sqrt(0.5)) / 2));
  CHECK(near(factor("cosine(length=100, floor=0.2)", 50), 0.6));
  CHECK(near(factor("cosine(length=100, floor=0.2)", 1000), 0.2));
  CHECK(factor("warmup(length=4)", 0) == 0.25);
  CHECK(factor("warmup(length=4)", 2) == 0.75);
  CHECK(factor("warmup(length=4)", 3) == 1);
  CHECK(factor("warmup(length=4)", 100) == 1);
  CHECK(factor("warmup(length=4, then=step(every=2, gamma=0.5))", 2) == 0.375);
}

TEST_CASE("schedules, in epochs, read the epochs and not the updates") {
  CHECK(factor("step(every=2, gamma=0.5, unit=epochs)", 1e6, 1.9) == 1);
  CHECK(factor("step(every=2, gamma=0.5, unit=epochs)", 0, 4.1) == 0.25);
  CHECK(near(factor("cosine(length=10, unit=epochs)", 0, 5), 0.5));
  // The first step of an epoch of 8 is at 1/8 of the first epoch, not at the end of it.
  CHECK(factor("warmup(length=4, unit=epochs)", 0, 0, 0.125) == 0.125 / 4);
  CHECK(factor("warmup(length=4, unit=epochs)", 100, 1, 0.125) == 1.125 / 4);
  CHECK(factor("warmup(length=4, unit=epochs)", 31, 3.875, 0.125) == 1);
  CHECK(factor("warmup(length=4)", 0, 0, 0.125) == 0.25);
}

TEST_CASE("schedules, bad parameters, are refused") {
  for (const char* text :
       {"step", "step(every=0)", "step(every=10, gamma=0)", "cosine(length=0)",
        "cosine(length=10, floor=-1)", "warmup(length=0)", "warmup(length=10, then=nothing)",
        "step(every=10, unit=minutes)", "cosinus(length=10)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_schedule(text)), ConfigError);
  }
}

TEST_CASE("staleness rule, any distance, gives min(C / ||d||^2, eta) as a factor on eta") {
  CHECK(rc::check("formula (13)", [] {
    const auto power = [] { return std::pow(10.0, *rc::gen::inRange(-6000, 6000) / 1000.0); };
    const double c = power();
    const double eta = power();
    const double distance = power();
    const auto rule = make_rule("staleness(c=" + std::to_string(c) + ")");
    const double stored_c = std::stod(std::to_string(c));
    if (stored_c == 0) return;
    RC_ASSERT(rule->needs_distance());
    const double wanted = std::min(stored_c / distance, eta);
    RC_ASSERT(std::abs(eta * rule->factor(distance, eta) - wanted) <= 1e-12 * wanted);
    RC_ASSERT(rule->factor(0, eta) == 1);
  }));
}

TEST_CASE("staleness rule, the paper's constants, cuts exactly beyond a distance^2 of 0.005") {
  const auto rule = make_rule("staleness(c=5e-5)");
  CHECK(rule->factor(0.0049, 0.01) == 1);
  CHECK(near(rule->factor(0.01, 0.01), 0.5));
  CHECK_FALSE(make_rule("constant")->needs_distance());
  CHECK(make_rule("constant")->factor(1e9, 1) == 1);
  for (const char* text : {"staleness", "staleness(c=0)", "staleness(c=-1)", "stale(c=1)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_rule(text)), ConfigError);
  }
}

TEST_CASE("scaling against K, the three kinds, is 1, K / P and its root") {
  CHECK(step_size_scaling("constant", 2, 8) == 1);
  CHECK(step_size_scaling("linear", 2, 8) == 0.25);
  CHECK(step_size_scaling("sqrt", 2, 8) == 0.5);
  CHECK(step_size_scaling("linear", 16, 8) == 2);
  for (const char* name : {"constant", "linear", "sqrt"}) {
    CHECK(step_size_scaling(name, 8, 8) == 1);
    CHECK_NOTHROW(check_step_size_scaling(name));
  }
  CHECK_THROWS_AS(check_step_size_scaling("cubic"), ConfigError);
}

}  // namespace
}  // namespace syncline
