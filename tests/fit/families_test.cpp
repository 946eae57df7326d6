#include "fit/families.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "fit/equality.hpp"
#include "fit/fit_laws.hpp"
#include "fit/kaplan_meier.hpp"
#include "fit/synthetic.hpp"
#include "fit/tail_index.hpp"
#include "fit/tail_logs.hpp"
#include "syncline/delay_law.hpp"

namespace syncline::testing {
namespace {

std::vector<Timing> jobs_of(const std::vector<std::pair<double, bool>>& times) {
  std::vector<Timing> jobs;
  for (const auto& [seconds, censored] : times) jobs.push_back({0, 0, seconds, censored});
  return jobs;
}

TEST_CASE("exponential fit, some jobs cancelled, is jobs over time") {
  const auto fit = fit_exponential(Sample(jobs_of({{2, false}, {3, true}, {5, false}})));
  REQUIRE(fit);
  CHECK(fit->parameters[0].value == doctest::Approx(0.2));
  CHECK(fit->log_likelihood == doctest::Approx(2 * std::log(0.2) - 2));
}

TEST_CASE("uniform fit, a job cancelled after the longest complete one, lies beyond it") {
  const auto fit = fit_uniform(Sample(jobs_of({{1, false}, {2, false}, {3, false}, {4, true}})));
  REQUIRE(fit);
  CHECK(fit->parameters[0].value == doctest::Approx(1));
  // (h - 1) / (h - 4) = 4 jobs: h = 5.
  CHECK(fit->parameters[1].value == doctest::Approx(5));
}

TEST_CASE("likelihood of every family, censored jobs, is that of its law and can't be raised") {
  const Timings timings = draw_k_sync("gamma(shape=2, scale=1)", 6, 4, 50, 17);
  const GroupFit group = fit_group(timings.jobs, "the fleet");
  CHECK(group.laws.size() >= 7);
  for (const LawFit& fit : group.laws) {
    CAPTURE(fit.law);
    const std::string family = fit.law.substr(0, fit.law.find('('));
    // The density as a difference quotient of the law's own cdf, an independent path.
    const auto likelihood = [&](std::vector<LawFit::Parameter> parameters) {
      for (auto& parameter : parameters) parameter.lower = parameter.upper = parameter.value;
      for (auto& parameter : parameters) parameter.upper += 1e-9 * std::fabs(parameter.value);
      const auto law = make_delay_law(fitted_text(family, parameters));
      double sum = 0;
      for (const Timing& job : timings.jobs) {
        const double h = 1e-6 * job.seconds;
        // One-sided where the law begins or ends at this very job.
        const double up = law->cdf(job.seconds + h) - law->cdf(job.seconds);
        const double down = law->cdf(job.seconds) - law->cdf(job.seconds - h);
        sum += std::log(job.censored ? law->survival(job.seconds) : std::max(up, down) / h);
      }
      return sum;
    };
    const double best = likelihood(fit.parameters);
    CHECK(best == doctest::Approx(fit.log_likelihood).epsilon(1e-5));
    for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
      for (const double factor : {0.97, 1.03}) {
        auto moved = fit.parameters;
        moved[i].value *= factor;
        CHECK((likelihood(moved) < best || std::isinf(likelihood(moved))));
      }
    }
    const auto k = static_cast<double>(fit.parameters.size());
    CHECK(fit.aic == doctest::Approx(2 * k - 2 * fit.log_likelihood));
    CHECK(fit.bic == doctest::Approx(k * std::log(200.0) - 2 * fit.log_likelihood));
  }
}

TEST_CASE("fit of equal times is constant and nothing else") {
  for (const double seconds : {1e-6, 2.0, 3e5}) {
    std::vector<Timing> jobs(20, Timing{0, 0, seconds, false});
    jobs[3].seconds *= 1 + 1e-12;
    const GroupFit group = fit_group(jobs, "the fleet");
    REQUIRE(group.laws.size() == 1);
    CHECK(make_delay_law(group.laws[0].law)->mean() == doctest::Approx(seconds));
    CHECK(group.laws[0].ks < 1);
  }
}

TEST_CASE("fit of nearly equal times keeps the digits that tell them apart") {
  const Timings timings = draw_complete("uniform(low=1.0001, high=1.0002)", 1, 300, 3);
  const GroupFit group = fit_group(timings.jobs, "the fleet");
  const auto law = make_delay_law(group.laws.front().law);
  CHECK(law->quantile(0.01) > 1.0001);
  CHECK(law->quantile(0.99) < 1.0002);
  CHECK(group.laws.front().ks < 0.1);
}

TEST_CASE("distance of the constant law, equal times, is 0") {
  const GroupFit group =
      fit_group(jobs_of(std::vector<std::pair<double, bool>>(20, {0.3, false})), "the fleet");
  CHECK(group.laws.at(0).ks == 0);
}

TEST_CASE("survival curve, thousands of jobs, has points far out in the tail") {
  const Timings timings = draw_complete("exponential(rate=1)", 1, 20000, 3);
  const auto curve = KaplanMeier(Sample(timings.jobs)).curve(100);
  CHECK(curve.size() <= 100);
  CHECK(curve.back().second == 0);
  std::size_t rare = 0;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (i > 0) CHECK(curve[i].first > curve[i - 1].first);
    rare += curve[i].second > 0 && curve[i].second < 0.01 ? 1 : 0;
  }
  CHECK(rare >= 15);
}

TEST_CASE("Kaplan and Meier's estimate, their kind of example, is the product of the steps") {
  const KaplanMeier observed(
      Sample(jobs_of({{1, false}, {2, true}, {3, false}, {3, false}, {4, true}, {5, false}})));
  REQUIRE(observed.steps().size() == 3);
  CHECK(observed.steps()[0].survival == doctest::Approx(5.0 / 6));
  CHECK(observed.steps()[1].survival == doctest::Approx(5.0 / 6 * 2 / 4));
  CHECK(observed.steps()[2].survival == 0);
  CHECK(observed.quantile(0.5) == doctest::Approx(3));
  CHECK(observed.restricted_mean() == doctest::Approx(1 + 5.0 / 6 * 2 + 5.0 / 12 * 2));
}

TEST_CASE("logarithms of tails, far out, stay finite and smooth") {
  CHECK(log_normal_survival(1) == doctest::Approx(std::log(0.15865525393145707)));
  CHECK(log_normal_survival(29.999) == doctest::Approx(log_normal_survival(30.001)).epsilon(3e-4));
  CHECK(log_normal_survival(100) == doctest::Approx(-5005.5242086942).epsilon(1e-10));
  // Q(1, x) = exp(-x), Q(2, x) = (1 + x) exp(-x).
  CHECK(log_gamma_survival(1, 5000) == doctest::Approx(-5000));
  CHECK(log_gamma_survival(2, 5000) == doctest::Approx(std::log(5001.0) - 5000));
}

TEST_CASE("tail index, Pareto times, holds the shape; a tail cut off has none") {
  std::size_t covered = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto jobs = draw_complete("pareto(scale=2, shape=1.5)", 1, 500, seed).jobs;
    const auto tail = tail_index(ranked(jobs));
    REQUIRE(tail);
    covered += tail->lower <= 1.5 && 1.5 <= tail->upper ? 1 : 0;
  }
  CHECK(covered >= 88);
  CHECK(covered <= 100);
  CHECK_FALSE(tail_index(ranked(draw_k_sync("exponential(rate=1)", 8, 2, 200, 1).jobs)));
}

}  // namespace
}  // namespace syncline::testing
