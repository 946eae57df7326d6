#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "measure/measured.hpp"
#include "measure/vectors.hpp"

namespace syncline {
namespace {

using testing::config_of;
using testing::covers;
using testing::measured;
using testing::total_weight;

/// By how much n steps of gradient descent lower the quadratic model of the signal's lines.
double decrease(const std::vector<SpectralLine>& lines, double step_size, int steps) {
  double sum = 0;
  for (const auto& [eigenvalue, weight] : lines) {
    sum += weight * (1 - std::pow(1 - step_size * eigenvalue, 2 * steps)) / (2 * eigenvalue);
  }
  return sum;
}

/// The same by making them.
double true_decrease(const std::string& workload, double step_size, int steps) {
  const auto model = make_workload<double>(workload, {});
  const auto replica = model->make_replica();
  Vector state(model->dimension()), gradient(model->dimension());
  model->initialise(1, state);
  const double before = replica->evaluate(state, Split::train, 0, 1).loss;
  for (int step = 0; step < steps; ++step) {
    replica->gradient(state, {}, {}, gradient);  // the workload has no noise
    add_scaled(state, -step_size, gradient);
  }
  return before - replica->evaluate(state, Split::train, 0, 1).loss;
}

TEST_CASE("constants of a quadratic, with a direction for each dimension, are those it was given") {
  const WorkloadConstants constants = measured(
      config_of("quadratic(dimension=20, condition=50, noise=3, start=2)"), {.directions = 20});
  CHECK(constants.dimension == 20);
  CHECK(constants.batch == 8);
  CHECK(constants.samples == 0);
  CHECK(constants.data.empty());
  double length2 = 0, loss = 0;
  for (int i = 0; i < 20; ++i) {
    const double eigenvalue = std::pow(1.0 / 50, i / 19.0);
    length2 += 4 * eigenvalue * eigenvalue;
    loss += 2 * eigenvalue;
  }
  CHECK(constants.loss == doctest::Approx(loss).epsilon(1e-13));
  CHECK(constants.gradient_norm2.value == doctest::Approx(length2).epsilon(1e-13));
  CHECK(constants.gradient_norm2.lower == constants.gradient_norm2.upper);
  CHECK(constants.smoothness.value == doctest::Approx(1).epsilon(1e-8));
  CHECK(constants.smoothness.upper == doctest::Approx(1).epsilon(1e-8));
  REQUIRE(constants.convexity);
  CHECK(constants.convexity->value == doctest::Approx(0.02).epsilon(1e-6));
  CHECK(constants.convexity->lower == doctest::Approx(0.02).epsilon(1e-6));
  CHECK_FALSE(constants.gamma);
  // The noise does not depend on the point, and the same draws come at each.
  CHECK(constants.m_g.upper == 0);
  // The mean of 64 draws of a chi-square with 20 degrees of freedom, over 20.
  const double error = std::sqrt(2.0 / (20 * 64));
  CHECK(std::abs(constants.sigma2.value / 9 - 1) < 4 * error);
  CHECK(constants.sigma2.upper - constants.sigma2.lower < 9 * 6 * error);
  CHECK(constants.sigma2.upper - constants.sigma2.lower > 9 * 2 * error);
}

TEST_CASE("constants of the tridiagonal problem have the eigenvalues of its matrix as extremes") {
  const double quarter_turn = std::acos(0.0);
  const WorkloadConstants all =
      measured(config_of("tridiagonal(dimension=25, noise=0.1)"), {.directions = 25});
  const auto eigenvalue = [&](int k) { return std::pow(std::sin(quarter_turn * k / 26), 2); };
  CHECK(all.smoothness.value == doctest::Approx(eigenvalue(25)).epsilon(1e-7));
  REQUIRE(all.convexity);
  CHECK(all.convexity->value == doctest::Approx(eigenvalue(1)).epsilon(1e-6));
  CHECK(covers(all.sigma2, 25 * 0.01));

  // Fewer directions: the extremes are inside the intervals, which say so.
  const WorkloadConstants few = measured(config_of("tridiagonal(dimension=400, noise=0.1)"));
  const auto many = [&](int k) { return std::pow(std::sin(quarter_turn * k / 401), 2); };
  CHECK(few.smoothness.value < many(400));
  CHECK(covers(few.smoothness, many(400)));
  CHECK(few.smoothness.upper < 1.1);
  REQUIRE(few.convexity);
  CHECK(few.convexity->value > many(1));
  CHECK(covers(*few.convexity, many(1)));
}

TEST_CASE("noise of the shared kind has the same variance, all of it along one direction") {
  const WorkloadConstants constants =
      measured(config_of("tridiagonal(dimension=30, noise=0.2, noise_kind=shared)"),
               {.gradients = 400, .directions = 30});
  CHECK(covers(constants.sigma2, 30 * 0.04));
  // Ones on the matrix: a quarter at both ends, 0 between. v'A v = 1/2 for v of ones.
  double first_moment = 0;
  for (const auto& [eigenvalue, weight] : constants.noise) first_moment += eigenvalue * weight;
  CHECK(first_moment / total_weight(constants.noise) == doctest::Approx(0.5 / 30).epsilon(1e-7));
}

TEST_CASE("signal of a quadratic model, gradient descent, lowers the loss by exactly as much") {
  for (const std::string workload :
       {"quadratic(dimension=100, noise=0)", "quadratic(dimension=100, noise=0, spectrum=linear)",
        "quadratic(dimension=30, noise=0, spectrum=constant)",
        "tridiagonal(dimension=300, noise=0)"}) {
    CAPTURE(workload);
    const WorkloadConstants constants = measured(config_of(workload), {.directions = 12});
    CHECK(total_weight(constants.signal) ==
          doctest::Approx(constants.gradient_norm2.value).epsilon(1e-12));
    for (const double step_size : {0.3, 1.0, 1.7}) {
      for (const int steps : {1, 2, 5, 11, 12}) {
        CAPTURE(step_size);
        CAPTURE(steps);
        const double truth = true_decrease(workload, step_size, steps);
        CHECK(std::abs(decrease(constants.signal, step_size, steps) - truth) < 1e-8 * truth);
      }
    }
    // The rest of the way is underestimated, never overestimated.
    CHECK(decrease(constants.signal, 0.5, 100000) <= constants.loss * (1 + 1e-9));
  }
}

TEST_CASE("signal with all directions, the whole way down, gives the loss at the start") {
  const WorkloadConstants constants =
      measured(config_of("quadratic(dimension=20, condition=10, noise=1)"), {.directions = 20});
  for (const int steps : {0, 3, 50}) {
    double rest = 0, truth = 0;
    for (const auto& [eigenvalue, weight] : constants.signal) {
      rest += weight * std::pow(1 - 0.4 * eigenvalue, 2 * steps) / (2 * eigenvalue);
    }
    for (int i = 0; i < 20; ++i) {
      const double eigenvalue = std::pow(0.1, i / 19.0);
      truth += eigenvalue * std::pow(1 - 0.4 * eigenvalue, 2 * steps) / 2;
    }
    CHECK(std::abs(rest - truth) < 1e-8 * truth);
  }
}

TEST_CASE("spectrum of one eigenvalue breaks Lanczos off after one line, with all of the weight") {
  const WorkloadConstants constants =
      measured(config_of("quadratic(dimension=30, spectrum=constant, noise=2)"));
  REQUIRE(constants.signal.size() == 1);
  CHECK(constants.signal[0].eigenvalue == doctest::Approx(1).epsilon(1e-9));
  CHECK(constants.signal[0].weight == doctest::Approx(30).epsilon(1e-12));
  for (const auto& line : constants.noise) {
    CHECK(line.eigenvalue == doctest::Approx(1).epsilon(1e-9));
  }
  REQUIRE(constants.convexity);
  CHECK(constants.convexity->lower == doctest::Approx(1).epsilon(1e-8));
  CHECK(constants.smoothness.upper == doctest::Approx(1).epsilon(1e-8));
}

TEST_CASE(
    "noise lines of a quadratic, over many seeds, spread the variance evenly over directions") {
  constexpr int seeds = 200;
  Vector first, second;
  for (int seed = 1; seed <= seeds; ++seed) {
    const WorkloadConstants constants =
        measured(config_of("quadratic(dimension=12, condition=20, noise=2)",
                           static_cast<std::uint64_t>(seed)),
                 {.gradients = 16, .directions = 6});
    double one = 0, two = 0;
    for (const auto& [eigenvalue, weight] : constants.noise) {
      one += weight * eigenvalue;
      two += weight * eigenvalue * eigenvalue;
    }
    // Without the scatter of sigma2 itself.
    first.push_back(one / total_weight(constants.noise));
    second.push_back(two / total_weight(constants.noise));
    CHECK(total_weight(constants.noise) ==
          doctest::Approx(constants.sigma2.value +
                          constants.m_g.value * constants.gradient_norm2.value)
              .epsilon(1e-10));
  }
  double mean = 0, mean_square = 0;
  for (int i = 0; i < 12; ++i) {
    mean += std::pow(1.0 / 20, i / 11.0) / 12;
    mean_square += std::pow(1.0 / 20, 2 * i / 11.0) / 12;
  }
  const auto check = [](const Vector& draws, double truth) {
    const double average = std::accumulate(draws.begin(), draws.end(), 0.0) / seeds;
    double spread = 0;
    for (const double draw : draws) spread += (draw - average) * (draw - average);
    CHECK(std::abs(average - truth) < 4 * std::sqrt(spread / (seeds * (seeds - 1.0))));
  };
  check(first, mean);
  check(second, mean_square);
}

TEST_CASE("quadratic at its minimum has a gradient of 0, no signal, and still its noise") {
  const WorkloadConstants constants =
      measured(config_of("quadratic(dimension=10, start=0, noise=1)"));
  CHECK(constants.loss == 0);
  CHECK(constants.gradient_norm2.value == 0);
  CHECK(constants.signal.empty());
  CHECK(covers(constants.sigma2, 1));
  CHECK(constants.m_g.upper == 0);
  CHECK(constants.smoothness.value == doctest::Approx(1).epsilon(1e-8));
}

TEST_CASE("quadratic without noise has no variance and no noise lines") {
  const WorkloadConstants constants = measured(config_of("quadratic(dimension=10, noise=0)"));
  CHECK(constants.sigma2.upper == 0);
  CHECK(constants.noise.empty());
}

}  // namespace
}  // namespace syncline
