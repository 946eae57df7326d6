#include <cmath>
#include <limits>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "delay/fleet_laws.hpp"
#include "delay/value_distribution.hpp"
#include "syncline/delay_law.hpp"

namespace syncline::testing {
namespace {

bool near(double a, double b, double relative) {
  return std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b));
}

TEST_CASE("a continuous law, at its quantile, has the chance asked for in its exact tail") {
  CHECK(rc::check("cdf(quantile(p)) = p below the median, survival = 1 - p above", [] {
    const std::string text = *continuous_law();
    const double p = *chance();
    const auto law = make_delay_law(text);
    const double x = law->quantile(p);
    // How far the chance moves when x moves by its own rounding: steep laws and laws far from 0
    // (a shift of 1,000 with a scale of 0.001) cannot do better than that.
    const double dx = 8 * std::numeric_limits<double>::epsilon() * x;
    const double rounding = std::fabs(law->cdf(x + dx) - law->cdf(x - dx));
    RC_ASSERT(std::fabs(law->cdf(x) - p) <= 1e-12 * p + rounding);
    RC_ASSERT(std::fabs(law->survival(x) - (1 - p)) <= 1e-12 * (1 - p) + rounding);
  }));
}

TEST_CASE("a law's survival is one minus its cdf, both monotone and between 0 and 1") {
  CHECK(rc::check("complement and monotone", [] {
    const auto law = make_delay_law(*continuous_law());
    const double a = *log_uniform(-6, 6);
    const double b = a * *rc::gen::oneOf(log_uniform(0, 3), log_uniform(-9, -8));
    const double low = std::min(a, b);
    const double high = std::max(a, b);
    RC_ASSERT(near(law->survival(a), 1 - law->cdf(a), 1e-9) ||
              std::fabs(law->survival(a) + law->cdf(a) - 1) <= 4e-16 * 8);
    RC_ASSERT(law->cdf(low) <= law->cdf(high) * (1 + 1e-13));
    RC_ASSERT(law->survival(high) <= law->survival(low) * (1 + 1e-13));
    RC_ASSERT(law->cdf(low) >= 0);
    RC_ASSERT(law->cdf(high) <= 1);
  }));
}

TEST_CASE("a law's quantile does not fall when the chance rises") {
  CHECK(rc::check("monotone", [] {
    const auto law = make_delay_law(*continuous_law());
    const double p = *chance();
    const double q = *chance();
    RC_ASSERT(law->quantile(std::min(p, q)) <= law->quantile(std::max(p, q)) * (1 + 1e-13));
  }));
}

TEST_CASE("every law of the registry is defined at and beyond both ends of time") {
  const FleetLaws laws;
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto& text : laws.texts()) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    for (const double x : {-infinity, -1.0, 0.0}) {
      CHECK(law->cdf(x) == 0);
      CHECK(law->survival(x) == 1);
    }
    CHECK(law->cdf(infinity) == 1);
    CHECK(law->survival(infinity) == 0);
    for (const double p : {0.0, 1.0, -0.5, 1.5, std::nan("")}) {
      CHECK_THROWS_AS((void)law->quantile(p), InternalError);
    }
  }
}

TEST_CASE("a law's quantile, of any kind, is the smallest time whose cdf reaches the chance") {
  const FleetLaws laws;
  for (const auto& text : laws.texts()) {
    const auto law = make_delay_law(text);
    for (int i = 1; i < 200; ++i) {
      const double p = i / 200.0;
      const double x = law->quantile(p);
      CAPTURE(text);
      CAPTURE(p);
      CHECK(law->cdf(x * (1 + 1e-12)) >= p * (1 - 1e-12));
      CHECK(law->cdf(x * (1 - 1e-9)) < p);
    }
  }
}

TEST_CASE("a quantile of n values changes rank exactly where their cdf does, for any n") {
  for (int n = 1; n <= 300; ++n) {
    std::vector<double> values(static_cast<std::size_t>(n));
    std::iota(values.begin(), values.end(), 1.0);
    const ValueDistribution distribution(values);
    int wrong = 0;
    for (int k = 1; k < n; ++k) {
      const double p = distribution.cdf(k);
      wrong += distribution.quantile(p) == k ? 0 : 1;
      wrong += distribution.quantile(std::nextafter(p, 1.0)) == k + 1 ? 0 : 1;
    }
    CAPTURE(n);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a draw depends on its key alone, whatever was drawn before") {
  const FleetLaws laws;
  for (const auto& text : laws.texts()) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    const auto twin = make_delay_law(law->text());
    std::vector<double> forward;
    for (std::uint32_t worker = 0; worker < 3; ++worker) {
      for (std::uint64_t job = 0; job < 50; ++job) forward.push_back(law->sample({7, worker, job}));
    }
    std::size_t i = forward.size();
    for (std::uint32_t worker = 3; worker-- > 0;) {
      for (std::uint64_t job = 50; job-- > 0;) {
        CHECK(twin->sample({7, worker, job}) == forward[--i]);
      }
    }
  }
}

TEST_CASE("a draw is positive and finite even where the law reaches beyond a double") {
  for (const char* text : {"gamma(shape=0.001, scale=1)", "pareto(scale=1, shape=0.001)",
                           "weibull(shape=0.001, scale=1)", "lognormal(mu=0, sigma=1e6)"}) {
    CAPTURE(text);
    const auto law = make_delay_law(text);
    for (std::uint64_t job = 0; job < 20000; ++job) {
      const double x = law->sample({3, 1, job});
      CHECK((x > 0 && std::isfinite(x)));
    }
  }
}

}  // namespace
}  // namespace syncline::testing
