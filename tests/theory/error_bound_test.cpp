#include "syncline/error_bound.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "syncline/optimal_time.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

ErrorConstants example() {
  ErrorConstants constants;
  constants.step_size = 0.02;
  constants.smoothness = 2;
  constants.convexity = 0.5;
  constants.sigma2 = 3;
  constants.m_g = 1;
  constants.batch = 2;
  constants.initial_gap = 5;
  constants.gamma = 0.2;
  constants.p0 = 0.25;
  return constants;
}

TEST_CASE("error bound, each theorem, has its floor and rate") {
  ErrorConstants constants = example();
  // eta L sigma2 / (2 c K m)
  const ErrorBound sync = error_bound(VariantFamily::k_sync, 4, constants);
  CHECK(sync.floor == doctest::Approx(0.02 * 2 * 3 / (2 * 0.5 * 4 * 2)));
  CHECK(sync.rate == doctest::Approx(0.02 * 0.5));
  const double share = 1 - 0.2 + 0.125;
  const ErrorBound async = error_bound(VariantFamily::k_async, 4, constants);
  CHECK(async.floor == doctest::Approx(sync.floor / share));
  CHECK(async.rate == doctest::Approx(sync.rate * share));
  CHECK(async.after(0) == doctest::Approx(5));
  CHECK(async.after(1e6) == doctest::Approx(async.floor));

  constants.compensation = 0.001;
  const ErrorBound compensated = error_bound(VariantFamily::k_async, 1, constants);
  const double top = 0.02 * 2 * 3 / (2 * 2.0) + 0.001 * 4 / (2 * 0.02);
  CHECK(compensated.floor == doctest::Approx(top / (0.5 * 1.125)));
  CHECK_THROWS_AS(static_cast<void>(error_bound(VariantFamily::k_async, 2, constants)),
                  ConfigError);

  constants = example();
  constants.convexity = 0;
  const ErrorBound rough = error_bound(VariantFamily::k_batch_async, 4, constants);
  CHECK(rough.floor == doctest::Approx(2 * 0.02 * 3 / (4 * 2 * share)));
  CHECK(rough.after(99) == doctest::Approx(rough.floor + 2 * 5 / (100 * 0.02 * share)));
}

TEST_CASE("error bound, noisy gradients on a quadratic, is kept by the mean over many runs") {
  // F = w^2/2, g = w + n, K fresh gradients: E F follows its recursion exactly.
  ErrorConstants constants;
  constants.smoothness = constants.convexity = 1;
  constants.sigma2 = 1;
  for (const std::uint64_t k : {1, 4}) {
    for (const double step : {0.1, 0.5}) {
      constants.step_size = step;
      constants.initial_gap = 0.5;
      const ErrorBound bound = error_bound(VariantFamily::k_sync, k, constants);
      double mean_square = 1;
      for (int j = 1; j <= 50; ++j) {
        mean_square = (1 - step) * (1 - step) * mean_square + step * step / static_cast<double>(k);
        CHECK(mean_square / 2 <= bound.after(j) * (1 + 1e-12));
      }
    }
  }
}

TEST_CASE("updates_to, an error above the floor, is the inverse of after") {
  ErrorConstants constants = example();
  for (const double convexity : {0.5, 0.0}) {
    constants.convexity = convexity;
    const ErrorBound bound = error_bound(VariantFamily::k_async, 2, constants);
    const double error = bound.floor + 0.5 * (bound.after(0) - bound.floor) / 100;
    const auto updates = bound.updates_to(error);
    REQUIRE(updates.has_value());
    CHECK(bound.after(*updates) == doctest::Approx(error));
    CHECK_FALSE(bound.updates_to(bound.floor * 0.999).has_value());
    CHECK(bound.updates_to(bound.after(0) + 1).value() == 0);
  }
}

TEST_CASE("error bound, constants outside their range, are refused by name") {
  const auto refuses = [](auto change, const char* word) {
    ErrorConstants constants = example();
    change(constants);
    CAPTURE(word);
    try {
      static_cast<void>(error_bound(VariantFamily::k_async, 1, constants));
      FAIL("accepted");
    } catch (const ConfigError& error) {
      CHECK(std::string(error.what()).find(word) != std::string::npos);
    }
  };
  refuses([](ErrorConstants& c) { c.step_size = 0; }, "step size");
  refuses([](ErrorConstants& c) { c.step_size = 1; }, "largest");
  refuses([](ErrorConstants& c) { c.smoothness = -1; }, "smoothness");
  refuses([](ErrorConstants& c) { c.convexity = 3; }, "convexity");
  refuses([](ErrorConstants& c) { c.sigma2 = std::nan(""); }, "sigma2");
  refuses([](ErrorConstants& c) { c.gamma = 1.5; }, "gamma");
  refuses(
      [](ErrorConstants& c) {
        c.gamma = 1;
        c.p0 = 0;
      },
      "stale");
}

ErrorCurve random_curve(bool convex, double initial) {
  ErrorConstants constants;
  constants.smoothness = 1;
  constants.convexity = convex ? 0.2 : 0;
  constants.sigma2 = *rc::gen::inRange(1, 100) / 10.0;
  constants.step_size = *rc::gen::inRange(1, 40) / 100.0;
  constants.initial_gap = initial;
  const auto k = *rc::gen::inRange<std::uint64_t>(1, 40);
  return {error_bound(VariantFamily::k_sync, k, constants), *rc::gen::inRange(1, 50) / 10.0};
}

TEST_CASE("lower envelope, random curves, is the least of all at every time") {
  CHECK(rc::check("envelope", [] {
    const bool convex = *rc::gen::arbitrary<bool>();
    std::vector<ErrorCurve> curves;
    for (int i = 0; i < 6; ++i) curves.push_back(random_curve(convex, 50));
    const auto pieces = lower_envelope(curves);
    RC_ASSERT(pieces.front().begin == 0);
    RC_ASSERT(std::isinf(pieces.back().end));
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      RC_ASSERT(pieces[i].begin == pieces[i - 1].end);
      RC_ASSERT(pieces[i].index != pieces[i - 1].index);
    }
    for (double time = 0.01; time < 1e4; time *= 1.7) {
      std::size_t piece = 0;
      while (pieces[piece].end < time) ++piece;
      const double ours = curves[pieces[piece].index].at(time);
      for (const auto& curve : curves) RC_ASSERT(ours <= curve.at(time) * (1 + 1e-9));
    }
  }));
}

TEST_CASE("crossing, two curves, is where they are equal") {
  CHECK(rc::check("crossing", [] {
    const bool convex = *rc::gen::arbitrary<bool>();
    const ErrorCurve a = random_curve(convex, 50);
    const ErrorCurve b = random_curve(convex, 50);
    const auto times = crossings(a, b);
    RC_ASSERT(times.size() == crossings(b, a).size());
    RC_ASSERT(times.size() <= (convex ? 1U : 2U));
    for (const double time : times) RC_ASSERT(std::abs(a.at(time) / b.at(time) - 1) < 1e-6);
  }));
}

TEST_CASE("optimal time, square-root and linear times, are the field's numbers") {
  std::vector<double> linear;
  std::vector<double> root;
  for (int i = 1; i <= 6174; ++i) {
    linear.push_back(i);
    root.push_back(std::sqrt(i));
  }
  const OptimalTime best = optimal_time(linear, 100);
  CHECK(best.workers == 32);
  CHECK(best.time == doctest::Approx(32.5).epsilon(0.005));
  CHECK(best_sync_time(linear, 100).time == 101);
  CHECK(best_sync_time(linear, 100).workers == 1);
  CHECK(optimal_time(root, 100).workers == 115);
  CHECK(best_sync_time(root, 100).workers == 100);
  CHECK(noise_scale(2, 4) == 1);
  CHECK(noise_scale(8, 2) == 4);
  CHECK_THROWS_AS(static_cast<void>(optimal_time({}, 1)), ConfigError);
  CHECK_THROWS_AS(static_cast<void>(optimal_time({0}, 1)), ConfigError);
}

TEST_CASE("best K-sync, any times, is within 1 + ln P of the optimum") {
  CHECK(rc::check("ratio", [] {
    const auto count = *rc::gen::inRange(1, 60);
    std::vector<double> times;
    for (int i = 0; i < count; ++i) times.push_back(std::exp(*rc::gen::inRange(-50, 50) / 10.0));
    const double noise = std::exp(*rc::gen::inRange(0, 80) / 10.0);
    const double ratio = best_sync_time(times, noise).time / optimal_time(times, noise).time;
    RC_ASSERT(ratio >= 1 - 1e-12);
    RC_ASSERT(ratio <= 1 + std::log(count) + 1e-12);
  }));
}

}  // namespace
}  // namespace syncline
