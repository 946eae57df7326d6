#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "delay/fleet_laws.hpp"
#include "delay/law_text.hpp"
#include "syncline/delay_law.hpp"

namespace syncline::testing {
namespace {

/// S(u + t) <= S(u) S(t), up to rounding: a job that has run for u is no fresher than a new one.
void assert_nbu(const std::string& text) {
  const auto law = make_delay_law(text);
  const double u = *log_uniform(-2, 1);
  const double t = *log_uniform(-2, 1);
  RC_ASSERT(law->survival(u + t) <= law->survival(u) * law->survival(t) * (1 + 1e-12));
}

void assert_nwu(const std::string& text) {
  const auto law = make_delay_law(text);
  const double u = *log_uniform(-2, 1);
  const double t = *log_uniform(-2, 1);
  RC_ASSERT(law->survival(u + t) * (1 + 1e-12) >= law->survival(u) * law->survival(t));
}

TEST_CASE("a law, over random parameters, is of the ageing class that docs/delays.md says") {
  CHECK(rc::check("NBU", [] {
    const double above = *log_uniform(0, 1);
    const double scale = *log_uniform(-1, 1);
    assert_nbu(law_text("exponential", {{"rate", scale}}));
    assert_nbu(law_text("shifted-exponential", {{"shift", above}, {"rate", scale}}));
    assert_nbu(law_text("weibull", {{"shape", above}, {"scale", scale}}));
    assert_nbu(law_text("gamma", {{"shape", above}, {"scale", scale}}));
    assert_nbu(law_text("uniform", {{"low", scale}, {"high", scale + above}}));
    assert_nbu(law_text("constant", {{"value", scale}}));
  }));
  CHECK(rc::check("NWU", [] {
    const double below = *log_uniform(-1, 0);
    const double scale = *log_uniform(-1, 1);
    assert_nwu(law_text("exponential", {{"rate", scale}}));
    assert_nwu(law_text("weibull", {{"shape", below}, {"scale", scale}}));
    assert_nwu(law_text("gamma", {{"shape", below}, {"scale", scale}}));
    assert_nwu(
        law_text("hyperexponential", {{"p", *chance()}, {"mean1", scale}, {"mean2", below}}));
  }));
}

TEST_CASE("Pareto and lognormal laws are of neither ageing class") {
  for (const char* text : {"pareto(scale=1, shape=2.5)", "lognormal(mu=0, sigma=1)"}) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    const auto fresh_lasts_longer = [&](double u, double t) {
      return law->survival(u + t) < law->survival(u) * law->survival(t);
    };
    CHECK(fresh_lasts_longer(0.5, 0.6));
    CHECK_FALSE(fresh_lasts_longer(20, 20));
  }
}

}  // namespace
}  // namespace syncline::testing
