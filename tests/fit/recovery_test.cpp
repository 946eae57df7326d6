#include <functional>
#include <map>

#include <doctest/doctest.h>

#include "fit/families.hpp"
#include "fit/fit_laws.hpp"
#include "fit/synthetic.hpp"
#include "syncline/spec.hpp"

namespace syncline::testing {
namespace {

constexpr std::size_t data_sets = 200;

struct Truth {
  std::string law;
  std::optional<Fitted> (*fit)(const Sample&);
};

const std::vector<Truth> truths = {
    {"exponential(rate=2)", fit_exponential},
    {"shifted-exponential(shift=1, rate=2)", fit_shifted_exponential},
    {"pareto(scale=1, shape=1.5)", fit_pareto},
    {"weibull(shape=0.7, scale=3)", fit_weibull},
    {"weibull(shape=2, scale=3)", fit_weibull},
    {"gamma(shape=0.5, scale=2)", fit_gamma},
    {"gamma(shape=4, scale=0.5)", fit_gamma},
    {"lognormal(mu=-2, sigma=0.4)", fit_lognormal},
    {"uniform(low=1, high=3)", fit_uniform},
    {"hyperexponential(p=0.8, mean1=1, mean2=10)", fit_hyperexponential},
};

/// In how many of the data sets each parameter's interval holds the truth.
std::map<std::string, std::size_t> covered(const Truth& truth,
                                           const std::function<Timings(std::uint64_t)>& draw) {
  const Spec spec = parse_spec(truth.law);
  std::map<std::string, std::size_t> counts;
  for (const auto& argument : spec.arguments) counts[argument.key] = 0;
  for (std::uint64_t seed = 1; seed <= data_sets; ++seed) {
    const auto fit = truth.fit(Sample(draw(seed).jobs));
    if (!fit) continue;
    for (const auto& argument : spec.arguments) {
      const double value = parse_number(argument.value, "truth");
      for (const auto& parameter : fit->parameters) {
        if (parameter.name != argument.key) continue;
        counts[parameter.name] += parameter.lower <= value && value <= parameter.upper ? 1 : 0;
      }
    }
  }
  return counts;
}

void check_coverage(const std::map<std::string, std::size_t>& counts) {
  for (const auto& [name, count] : counts) {
    CAPTURE(name);
    CHECK(count >= 0.90 * data_sets);
    CHECK(count <= 0.98 * data_sets);
  }
}

TEST_CASE("coverage of the 95 % intervals, complete jobs, is between 90 and 98 %") {
  for (const auto& truth : truths) {
    CAPTURE(truth.law);
    check_coverage(
        covered(truth, [&](std::uint64_t seed) { return draw_complete(truth.law, 1, 200, seed); }));
  }
}

TEST_CASE("coverage of the 95 % intervals, log of K-sync with 3 of 8, is between 90 and 98 %") {
  for (const auto& truth : truths) {
    CAPTURE(truth.law);
    // Cancelled that early, the two components can't be told apart: 6 of 8 for this one.
    const std::uint32_t k = truth.fit == fit_hyperexponential ? 6 : 3;
    check_coverage(
        covered(truth, [&](std::uint64_t seed) { return draw_k_sync(truth.law, 8, k, 80, seed); }));
  }
}

TEST_CASE("choice of the family, 500 jobs of one worker, is right in 90 % of the data sets") {
  for (const std::string law :
       {"exponential(rate=2)", "shifted-exponential(shift=1, rate=2)", "pareto(scale=1, shape=1.5)",
        "weibull(shape=0.6, scale=3)", "weibull(shape=3, scale=3)", "gamma(shape=0.4, scale=2)",
        "gamma(shape=3, scale=0.5)", "lognormal(mu=-2, sigma=0.6)", "uniform(low=1, high=3)",
        "hyperexponential(p=0.8, mean1=1, mean2=10)", "constant(value=2)"}) {
    CAPTURE(law);
    const std::string family = parse_spec(law).name;
    constexpr std::size_t sets = 50;
    std::size_t right = 0;
    for (std::uint64_t seed = 1; seed <= sets; ++seed) {
      const GroupFit group = fit_group(draw_complete(law, 1, 500, seed).jobs, "the worker");
      right += parse_spec(group.laws.front().law).name == family ? 1 : 0;
    }
    CAPTURE(right);
    CHECK(right >= 0.9 * sets);
  }
}

TEST_CASE("choice of the family, log of K-sync with 6 of 8, is right in 90 % of the data sets") {
  for (const std::string law :
       {"exponential(rate=2)", "shifted-exponential(shift=1, rate=2)", "pareto(scale=1, shape=1.5)",
        "weibull(shape=3, scale=3)", "gamma(shape=3, scale=0.5)", "lognormal(mu=-2, sigma=0.6)"}) {
    CAPTURE(law);
    const std::string family = parse_spec(law).name;
    constexpr std::size_t sets = 30;
    std::size_t right = 0;
    for (std::uint64_t seed = 1; seed <= sets; ++seed) {
      const GroupFit group = fit_group(draw_k_sync(law, 8, 6, 200, seed).jobs, "the fleet");
      right += parse_spec(group.laws.front().law).name == family ? 1 : 0;
    }
    CAPTURE(right);
    CHECK(right >= 0.9 * sets);
  }
}

}  // namespace
}  // namespace syncline::testing
