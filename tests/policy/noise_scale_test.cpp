// The noise scale that `auto` estimates, from gradients whose noise is known.

#include "policy/automatic/noise_scale.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/summary.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

constexpr std::size_t dimension = 40;

/// Adds steps of K gradients whose mean has a squared norm of 1 and whose variance is `scale`.
void add_steps(NoiseScale& noise, std::uint64_t k, double scale, int steps, std::uint64_t seed) {
  const double deviation = std::sqrt(scale / dimension);
  DrawStream draw(Stream::gradient_noise, {seed, 0, 0});
  for (int step = 0; step < steps; ++step) {
    std::vector<double> mean(dimension, 0);
    double squares = 0;
    for (std::uint64_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < dimension; ++j) {
        const double value = (j == 0 ? 1 : 0) + deviation * draw.normal();
        mean[j] += value / static_cast<double>(k);
        squares += value * value;
      }
    }
    double square = 0;
    for (const double value : mean) square += value * value;
    const auto count = static_cast<double>(k);
    noise.stepped(std::sqrt(square), (squares - count * square) / (count - 1), k);
  }
}

TEST_CASE("noise scale, gradients of known noise, is right in the mean, and its interval mostly") {
  constexpr std::uint64_t runs = 400;
  for (const double scale : {0.5, 4.0, 16.0}) {
    for (const std::uint64_t k : {2U, 8U}) {
      CAPTURE(scale);
      CAPTURE(k);
      std::vector<double> inverses;
      double inside = 0;
      for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        NoiseScale noise;
        add_steps(noise, k, scale, 40, seed);
        const auto estimate = noise.estimate();
        inverses.push_back(1 / estimate.scale);
        if (estimate.low < scale && scale < estimate.high) ++inside;
      }
      // 1 / S is a mean of squared gradients over a variance that is known well.
      const Summary summary = summarise(inverses);
      CHECK(std::abs(summary.mean - 1 / scale) < 4.5 * summary.standard_error);
      CHECK(inside / runs > 0.95 - 4.5 * std::sqrt(0.95 * 0.05 / runs));
    }
  }
}

TEST_CASE("noise scale, a gradient that drowns in noise, is a lower bound and never negative") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    NoiseScale noise;
    add_steps(noise, 2, 1e4, 8, seed);
    const auto estimate = noise.estimate();
    CHECK(estimate.scale > 0);
    CHECK(estimate.scale <= 1e9);
    CHECK(estimate.low <= estimate.scale);
    CHECK(estimate.scale <= estimate.high);
  }
}

TEST_CASE("noise scale, no noise at all or nothing seen, is 0; what is no number is left out") {
  NoiseScale noise;
  CHECK(noise.estimate().scale == 0);
  for (int step = 0; step < 5; ++step) noise.stepped(2, 0, 4);
  noise.stepped(std::nan(""), 1, 4);
  noise.stepped(1, std::nan(""), 4);
  CHECK(noise.estimate().scale == 0);
  CHECK(noise.estimate().high == 0);
}

TEST_CASE("noise scale, the gradient falls, follows; its state tells everything") {
  NoiseScale noise;
  for (int step = 0; step < 400; ++step) noise.stepped(3, 4, 4);  // 9 - 1
  CHECK(noise.estimate().scale == doctest::Approx(4.0 / 8));
  for (int step = 0; step < 400; ++step) noise.stepped(std::sqrt(1.5), 4, 4);
  CHECK(noise.estimate().scale == doctest::Approx(4.0 / 0.5).epsilon(1e-3));
  NoiseScale other;
  other.restore(nlohmann::json::parse(noise.state().dump()));
  CHECK(other.state() == noise.state());
  noise.fade();
  for (int step = 0; step < 8; ++step) noise.stepped(3, 4, 4);
  for (int step = 0; step < 8; ++step) other.stepped(3, 4, 4);
  CHECK(noise.estimate().scale < other.estimate().scale);
}

}  // namespace
}  // namespace syncline
