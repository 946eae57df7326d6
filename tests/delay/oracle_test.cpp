#include <cmath>
#include <limits>

#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/hyperexponential.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/pareto.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "delay/fleet_laws.hpp"
#include "delay/law_text.hpp"
#include "syncline/delay_law.hpp"

namespace syncline::testing {
namespace {

bool near(double a, double b, double relative) {
  return a == b || std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b));
}

/// Compares with Boost.Math at a random chance. Moments only where they exist.
template <class Oracle>
void agree(const std::string& text, const Oracle& oracle, bool has_mean = true,
           bool has_variance = true) {
  const auto law = make_delay_law(text);
  const double p = *chance();
  const double x = boost::math::quantile(oracle, p);
  RC_LOG() << text << " at p = " << p << ", x = " << x << "\n";
  RC_ASSERT(near(law->quantile(p), x, 1e-10));
  // Boost's cdf of a Pareto law is one minus a power: right to about shape times the rounding of 1.
  const double cdf = boost::math::cdf(oracle, x);
  RC_ASSERT(std::fabs(law->cdf(x) - cdf) <= 1e-9 * cdf + 2e-14);
  RC_ASSERT(near(law->survival(x), boost::math::cdf(boost::math::complement(oracle, x)), 1e-9));
  if (has_mean) RC_ASSERT(near(law->mean(), boost::math::mean(oracle), 1e-12));
  if (has_variance) RC_ASSERT(near(law->variance(), boost::math::variance(oracle), 1e-8));
}

TEST_CASE("a law, over random parameters, agrees with Boost.Math") {
  namespace bm = boost::math;
  CHECK(rc::check("exponential", [] {
    const double rate = *log_uniform(-3, 3);
    agree(law_text("exponential", {{"rate", rate}}), bm::exponential(rate));
  }));
  CHECK(rc::check("pareto", [] {
    const double scale = *log_uniform(-3, 3);
    const double shape = *log_uniform(-1, 2);
    agree(law_text("pareto", {{"scale", scale}, {"shape", shape}}), bm::pareto(scale, shape),
          shape > 1, shape > 2);
  }));
  CHECK(rc::check("weibull", [] {
    const double shape = *log_uniform(-1, 2);
    const double scale = *log_uniform(-3, 3);
    agree(law_text("weibull", {{"shape", shape}, {"scale", scale}}), bm::weibull(shape, scale));
  }));
  CHECK(rc::check("gamma", [] {
    const double shape = *log_uniform(-1, 3);
    const double scale = *log_uniform(-3, 3);
    agree(law_text("gamma", {{"shape", shape}, {"scale", scale}}),
          bm::gamma_distribution<>(shape, scale));
  }));
  CHECK(rc::check("lognormal", [] {
    const double mu = *log_uniform(-2, 1);
    const double sigma = *log_uniform(-2, 0);
    agree(law_text("lognormal", {{"mu", -mu}, {"sigma", sigma}}), bm::lognormal(-mu, sigma));
  }));
  CHECK(rc::check("uniform", [] {
    const double low = *log_uniform(-3, 3);
    const double high = low + *log_uniform(-1, 3);
    agree(law_text("uniform", {{"low", low}, {"high", high}}), bm::uniform(low, high));
  }));
  CHECK(rc::check("hyperexponential", [] {
    const double p = *chance();
    const double mean1 = *log_uniform(-2, 2);
    const double mean2 = *log_uniform(-2, 2);
    const double chances[] = {p, 1 - p};
    const double rates[] = {1 / mean1, 1 / mean2};
    const std::string text =
        law_text("hyperexponential", {{"p", p}, {"mean1", mean1}, {"mean2", mean2}});
    const bm::hyperexponential oracle(chances, rates);
    const auto law = make_delay_law(text);
    const double x = *log_uniform(-4, 4);
    RC_ASSERT(near(law->mean(), bm::mean(oracle), 1e-12));
    RC_ASSERT(near(law->variance(), bm::variance(oracle), 1e-8));
    RC_ASSERT(near(law->survival(x), bm::cdf(bm::complement(oracle, x)), 1e-10));
  }));
}

TEST_CASE("a shifted exponential is the exponential moved, at every time") {
  CHECK(rc::check("moved", [] {
    const double shift = *log_uniform(-2, 2);
    const double rate = *log_uniform(-2, 2);
    const auto moved =
        make_delay_law(law_text("shifted-exponential", {{"shift", shift}, {"rate", rate}}));
    const auto plain = make_delay_law(law_text("exponential", {{"rate", rate}}));
    const double x = *log_uniform(-2, 3);
    const DrawKey key{*rc::gen::arbitrary<std::uint64_t>(), 5, 17};
    RC_ASSERT(near(moved->survival(x), plain->survival(x - shift), 1e-12));
    RC_ASSERT(near(moved->mean(), shift + plain->mean(), 1e-14));
    RC_ASSERT(moved->variance() == plain->variance());
    RC_ASSERT(near(moved->sample(key), shift + plain->sample(key), 1e-14));
  }));
}

TEST_CASE("a far tail keeps its digits where one minus the cdf would be 0") {
  for (const double rate : {0.01, 1.0, 300.0}) {
    const auto law = make_delay_law(law_text("exponential", {{"rate", rate}}));
    CHECK(law->survival(700 / rate) > 0);
    CHECK(near(law->survival(700 / rate), std::exp(-700.0), 1e-12));
    CHECK(near(law->cdf(1e-300 / rate), 1e-300, 1e-12));
  }
  const auto pareto = make_delay_law("pareto(scale=1, shape=2)");
  CHECK(near(pareto->survival(1e100), 1e-200, 1e-12));
  const auto weibull = make_delay_law("weibull(shape=2, scale=1)");
  CHECK(near(weibull->survival(26), std::exp(-676.0), 1e-12));
  // Q(2, x) = (1 + x) exp(-x).
  const auto gamma = make_delay_law("gamma(shape=2, scale=1)");
  CHECK(near(gamma->survival(600), 601 * std::exp(-600.0), 1e-11));
  const auto lognormal = make_delay_law("lognormal(mu=0, sigma=1)");
  CHECK(near(lognormal->survival(std::exp(30.0)), 0.5 * std::erfc(30 / std::sqrt(2.0)), 1e-11));
  const auto mixed = make_delay_law("hyperexponential(p=0.5, mean1=1, mean2=2)");
  CHECK(near(mixed->survival(1300), 0.5 * std::exp(-650.0), 1e-12));
}

TEST_CASE("a Pareto law, below the order of a moment, says that it is infinite") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(make_delay_law("pareto(1, 1)")->mean() == infinity);
  CHECK(make_delay_law("pareto(1, 2)")->variance() == infinity);
  CHECK(make_delay_law("pareto(1, 2)")->mean() == 2);
  CHECK(make_delay_law("pareto(scale=3, shape=3)")->variance() == doctest::Approx(6.75));
}

TEST_CASE("a Pareto law just above its scale keeps the digits of its cdf") {
  const auto law = make_delay_law("pareto(scale=3, shape=2.5)");
  const double above = 0x1p-40;
  CHECK(near(law->cdf(3 + above), -std::expm1(-2.5 * std::log1p(above / 3)), 1e-13));
}

TEST_CASE("a Weibull law that is nearly constant keeps the digits of its variance") {
  // pi^2 / 6 shape^2 (1 + O(1/shape)): the extreme-value limit.
  const double shape = 1e5;
  const auto law = make_delay_law(law_text("weibull", {{"shape", shape}, {"scale", 1}}));
  CHECK(near(law->variance() * shape * shape, std::pow(std::acos(-1.0), 2) / 6, 1e-4));
}

}  // namespace
}  // namespace syncline::testing
