#include <cmath>

#include <doctest/doctest.h>

#include "finite_differences.hpp"

namespace syncline {
namespace {

std::vector<double> gradient_at(const Workload<double>& workload, std::span<const double> state,
                                const DrawKey& key, std::size_t batch = 1) {
  std::vector<double> gradient(state.size());
  workload.make_replica()->gradient(state, std::vector<std::uint32_t>(batch), key, gradient);
  return gradient;
}

double excess(const Workload<double>& workload, std::span<const double> state) {
  const auto sums = workload.make_replica()->evaluate(state, Split::test, 0, 1);
  CHECK(sums.samples == 1);
  CHECK(sums.wrong == 0);
  return sums.loss;
}

TEST_CASE("analytic gradients equal central differences of their loss") {
  for (const char* spec :
       {"quadratic(dimension=20, noise=0)", "quadratic(dimension=20, noise=0, spectrum=linear)",
        "quadratic(dimension=1, noise=0)", "tridiagonal(dimension=30, noise=0)",
        "tridiagonal(dimension=1, noise=0)"}) {
    CAPTURE(spec);
    const auto workload = make_workload<double>(spec, {});
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto state = testing::random_state(workload->dimension(), 1, seed);
      CHECK(testing::gradient_error(*workload, state) < 1e-6);
    }
  }
}

TEST_CASE("quadratic spectrum runs from 1 to 1 / condition as named") {
  // At w = (1, ..., 1) the exact gradient is the spectrum itself.
  const auto spectrum = [](const std::string& kind) {
    const auto workload = make_workload<double>(
        "quadratic(dimension=5, condition=16, noise=0, spectrum=" + kind + ")", {});
    return gradient_at(*workload, std::vector<double>(5, 1.0), {});
  };
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(1e-14));
  };
  same(spectrum("log"), {1, 0.5, 0.25, 0.125, 0.0625});
  same(spectrum("linear"), {1, 0.765625, 0.53125, 0.296875, 0.0625});
  same(spectrum("constant"), {1, 1, 1, 1, 1});
}

TEST_CASE("quadratic starts where told and its excess is the formula's") {
  const auto workload = make_workload<double>("quadratic(dimension=4, condition=8, start=-3)", {});
  std::vector<double> state(4);
  workload->initialise(5, state);
  CHECK(state == std::vector<double>(4, -3.0));
  CHECK(excess(*workload, state) == doctest::Approx(4.5 * (1 + 0.5 + 0.25 + 0.125)));
  CHECK(excess(*workload, std::vector<double>(4)) == 0);
}

TEST_CASE("tridiagonal excess is f - f* with the stated f*, and zero at the stated minimiser") {
  const std::size_t d = 1729;
  const auto workload = make_workload<double>("tridiagonal(noise=0)", {});
  REQUIRE(workload->dimension() == d);
  const auto f = [&](const std::vector<double>& x) {
    double quadratic = 0;
    for (std::size_t i = 0; i < d; ++i) {
      const double before = i == 0 ? 0 : x[i - 1], after = i + 1 == d ? 0 : x[i + 1];
      quadratic += x[i] * (2 * x[i] - before - after) / 4;
    }
    return quadratic / 2 + x[0] / 4;  // b = (-1/4, 0, ..., 0)
  };
  const double f_star = -static_cast<double>(d) / static_cast<double>(d + 1) / 8;

  std::vector<double> start(d);
  workload->initialise(1, start);
  CHECK(start[0] == std::sqrt(1729.0));
  CHECK(start[1] == 0);
  CHECK(excess(*workload, start) == doctest::Approx(f(start) - f_star).epsilon(1e-12));
  const auto random = testing::random_state(d, 1, 4);
  CHECK(excess(*workload, random) == doctest::Approx(f(random) - f_star).epsilon(1e-12));

  std::vector<double> best(d);
  for (std::size_t i = 0; i < d; ++i) {
    best[i] = -static_cast<double>(d - i) / static_cast<double>(d + 1);
  }
  CHECK(f(best) == doctest::Approx(f_star).epsilon(1e-12));
  CHECK(excess(*workload, best) < 1e-25);
  for (const double g : gradient_at(*workload, best, {})) CHECK(std::abs(g) < 1e-15);
}

/// Mean over `draws` gradients of ||noise||^2 and of (1' noise)^2, the latter telling shared noise.
struct NoiseMoments {
  double norm = 0, norm_error = 0, along = 0;
};
NoiseMoments measure_noise(const Workload<double>& workload, std::size_t batch) {
  const std::size_t draws = 4000, d = workload.dimension();
  std::vector<double> state(d), mean(d);
  workload.initialise(1, state);
  const auto replica = workload.make_replica();
  std::vector<double> gradient(d);
  const std::vector<std::uint32_t> numbers(batch);
  // Noise is taken about the mean of the draws, hence the divisions by draws - 1.
  std::vector<std::vector<double>> all;
  for (std::uint64_t job = 0; job < draws; ++job) {
    replica->gradient(state, numbers, {17, 3, job}, gradient);
    all.push_back(gradient);
    for (std::size_t i = 0; i < d; ++i) mean[i] += gradient[i] / draws;
  }
  NoiseMoments moments;
  double squares = 0;
  for (const auto& one : all) {
    double norm = 0, along = 0;
    for (std::size_t i = 0; i < d; ++i) {
      norm += (one[i] - mean[i]) * (one[i] - mean[i]);
      along += one[i] - mean[i];
    }
    moments.norm += norm / (draws - 1);
    moments.along += along * along / (draws - 1);
    squares += norm * norm / draws;
  }
  moments.norm_error = std::sqrt((squares - moments.norm * moments.norm) / draws);
  return moments;
}

TEST_CASE("gradient noise has the stated variance, divided by the batch size") {
  struct Case {
    const char* spec;
    double variance;  ///< of the whole vector at batch size 1
    bool shared;
  };
  for (const Case& c :
       {Case{"quadratic(dimension=25, noise=3)", 9, false},
        Case{"tridiagonal(dimension=25, noise=0.01)", 25e-4, false},
        Case{"tridiagonal(dimension=25, noise=0.01, noise_kind=shared)", 25e-4, true}}) {
    CAPTURE(c.spec);
    const auto workload = make_workload<double>(c.spec, {});
    for (const std::size_t batch : {1, 16}) {
      const auto noise = measure_noise(*workload, batch);
      const double expected = c.variance / static_cast<double>(batch);
      CHECK(std::abs(noise.norm - expected) < 4.5 * noise.norm_error);
      // One draw on all 25 coordinates has its whole variance along (1, ..., 1): 25 times more.
      const double along = noise.along / (c.shared ? 25 : 1);
      CHECK(std::abs(along - expected) < 4.5 * expected * std::sqrt(2.0 / 4000));
    }
  }
}

TEST_CASE("analytic gradients, same key, have the same bits in any replica and order") {
  for (const char* spec : {"quadratic", "tridiagonal", "tridiagonal(noise_kind=shared)"}) {
    CAPTURE(spec);
    const auto workload = make_workload<double>(spec, {});
    std::vector<double> state(workload->dimension());
    workload->initialise(1, state);
    const auto first = gradient_at(*workload, state, {1, 2, 3});
    CHECK(gradient_at(*workload, state, {1, 2, 4}) != first);
    CHECK(gradient_at(*workload, state, {1, 3, 3}) != first);
    CHECK(gradient_at(*workload, state, {2, 2, 3}) != first);
    CHECK(gradient_at(*workload, state, {1, 2, 3}) == first);
  }
}

TEST_CASE("single precision follows double precision") {
  for (const char* spec : {"quadratic", "tridiagonal"}) {
    const auto full = make_workload<double>(spec, {});
    const auto single = make_workload<float>(spec, {});
    const std::size_t d = full->dimension();
    const auto state = testing::random_state(d, 1, 8);
    const std::vector<float> state32(state.begin(), state.end());
    std::vector<float> gradient(d);
    single->make_replica()->gradient(state32, std::vector<std::uint32_t>(2), {4, 5, 6}, gradient);
    const auto expected = gradient_at(*full, state, {4, 5, 6}, 2);
    for (std::size_t i = 0; i < d; ++i) {
      REQUIRE(gradient[i] == doctest::Approx(expected[i]).epsilon(1e-5).scale(1));
    }
  }
}

}  // namespace
}  // namespace syncline
