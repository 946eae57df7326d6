#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/temporary_folder.hpp"
#include "theory/theory_support.hpp"

namespace syncline {
namespace {

double mean_of(const std::string& delay, std::uint32_t workers, std::uint64_t k) {
  return order_statistic_mean(DelayProfile::parse(delay, workers), k).value;
}

/// One worker fewer by E X_{k:P-1} = (1 - k/P) E X_{k:P} + (k/P) E X_{k+1:P}, true of any law.
TEST_CASE("order statistics, any law, satisfy the triangle rule") {
  for (const std::string law :
       {"exponential(rate=2)", "shifted-exponential(shift=1, rate=3)", "pareto(scale=2, shape=3)",
        "weibull(shape=0.3, scale=1)", "weibull(shape=4, scale=1)", "gamma(shape=0.2, scale=1)",
        "gamma(shape=9, scale=2)", "lognormal(mu=1, sigma=0.2)", "lognormal(mu=0, sigma=4)",
        "uniform(low=1, high=3)", "constant(value=2)",
        "hyperexponential(p=0.99, mean1=1, mean2=1000)"}) {
    for (const std::uint32_t p : {2U, 7U, 40U, 1000U}) {
      for (const std::uint32_t k : {1U, p / 2, p - 1}) {
        CAPTURE(law);
        CAPTURE(p);
        CAPTURE(k);
        const double share = static_cast<double>(k) / p;
        const double sum = (1 - share) * mean_of(law, p, k) + share * mean_of(law, p, k + 1);
        CHECK(mean_of(law, p - 1, k) == doctest::Approx(sum).epsilon(1e-8));
      }
    }
  }
}

TEST_CASE("order statistics of two exponential groups, quadrature, are the closed forms") {
  // min = 1/(a + b), max = 1/a + 1/b - 1/(a + b); and the mean of all is kept.
  const std::string fleet = "1*exponential(rate=1),1*exponential(rate=0.2)";
  CHECK(mean_of(fleet, 2, 1) == doctest::Approx(1 / 1.2).epsilon(1e-9));
  CHECK(mean_of(fleet, 2, 2) == doctest::Approx(1 + 5 - 1 / 1.2).epsilon(1e-9));
  const std::string mixed =
      "3*gamma(shape=2, scale=1),2*uniform(low=0, high=9),1*constant(value=3)";
  double sum = 0;
  for (std::uint64_t k = 1; k <= 6; ++k) sum += mean_of(mixed, 6, k);
  CHECK(sum == doctest::Approx(3 * 2 + 2 * 4.5 + 3).epsilon(1e-9));
}

TEST_CASE(
    "order statistics of unequal workers who are alike, split into groups, are those of one") {
  for (const std::string law : {"gamma(shape=2, scale=1)", "weibull(shape=0.7, scale=1)"}) {
    const std::string split = "3*" + law + ",5*" + law + ",2*" + law;
    for (const std::uint64_t k : {1, 5, 10}) {
      CHECK(mean_of(split, 10, k) == mean_of(law, 10, k));
    }
  }
}

TEST_CASE("order statistics of Pareto times, mean that does not exist, are infinite") {
  const auto of = [](std::uint32_t p, std::uint64_t k, const std::string& law) {
    return mean_of(law, p, k);
  };
  CHECK(std::isinf(of(4, 4, "pareto(scale=1, shape=1)")));
  CHECK(std::isfinite(of(4, 3, "pareto(scale=1, shape=1)")));
  CHECK(std::isinf(of(4, 3, "pareto(scale=1, shape=0.5)")));
  CHECK(std::isfinite(of(4, 2, "pareto(scale=1, shape=0.5)")));
  // min of two Pareto laws is Pareto with the sum of the exponents.
  CHECK(of(2, 1, "1*pareto(scale=1, shape=0.8),1*pareto(scale=1, shape=0.7)") ==
        doctest::Approx(1.5 / 0.5).epsilon(1e-9));
  CHECK(std::isinf(of(3, 3, "2*exponential(rate=1),1*pareto(scale=1, shape=0.9)")));
  CHECK(of(2, 2, "1*constant(value=1),1*pareto(scale=2, shape=1.05)") ==
        doctest::Approx(2 * 1.05 / 0.05).epsilon(1e-8));
}

TEST_CASE("order statistics of measured times, any K, are exact sums over the values") {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "times.txt";
  std::ofstream(file) << "1 2 2 4\n";
  const std::string law = "empirical(file=" + file.string() + ")";
  // P(min > t) = S(t)^2: 1 for t < 1, 9/16 for t < 2, 1/16 for t < 4
  CHECK(mean_of(law, 2, 1) == doctest::Approx(1 + 9.0 / 16 + 2.0 / 16).epsilon(1e-12));
  CHECK(mean_of(law, 2, 2) == doctest::Approx(2 * 2.25 - 1 - 11.0 / 16).epsilon(1e-12));
}

TEST_CASE("order statistics, scaled times, scale") {
  CHECK(rc::check("scale", [] {
    const auto p = *rc::gen::inRange<std::uint32_t>(1, 30);
    const auto k = *rc::gen::inRange<std::uint64_t>(1, p + 1);
    const double at_one = mean_of("gamma(shape=0.6, scale=1)", p, k);
    const double at_small = mean_of("gamma(shape=0.6, scale=1e-6)", p, k);
    RC_ASSERT(std::abs(at_small * 1e6 / at_one - 1) < 1e-8);
  }));
}

}  // namespace
}  // namespace syncline
