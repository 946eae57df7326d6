#include "syncline/slowness.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "delay/fleet_laws.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline::testing {
namespace {

constexpr std::uint64_t seed = 20031057;

rc::Gen<Slowness> any_slowness() {
  return rc::gen::map(rc::gen::tuple(log_uniform(-1, 2), log_uniform(-1, 2), log_uniform(0, 1)),
                      [](const std::tuple<double, double, double>& values) {
                        const auto [normal, slow, factor] = values;
                        return Slowness{normal, slow, factor};
                      });
}

TEST_CASE("slowness is read from its text, and none is none") {
  CHECK(Slowness::parse("markov(mean_normal=100, mean_slow=20, factor=5)") == Slowness{100, 20, 5});
  CHECK(Slowness::parse("markov(100, 20, 1)") == Slowness{100, 20, 1});
  for (const char* text : {"", "  ", "none"}) CHECK_FALSE(Slowness::parse(text).has_value());
}

TEST_CASE("wrong slowness is refused with the parameter") {
  const auto refused = [](const std::string& text, const char* part) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS((void)Slowness::parse(text), doctest::Contains(part), ConfigError);
  };
  refused("markow(1, 2, 3)", "unknown slowness");
  refused("none(1)", "unknown slowness");
  refused("markov(1, 2)", "'factor'");
  refused("markov(1, 2, 0.5)", "factor must be at least 1");
  refused("markov(0, 2, 3)", "mean_normal");
  refused("markov(1, -2, 3)", "mean_slow");
  refused("markov(1, 2, nan)", "factor");
  refused("markov(1, 2, factr=3)", "did you mean 'factor'");
}

TEST_CASE("a job that spans the first change is charged piece by piece") {
  const Slowness slowness{10, 4, 5};
  const auto sojourn = [](std::uint64_t index, double mean) {
    return mean * DrawStream(Stream::slowness, {seed, 3, index}).exponential();
  };
  const double normal = sojourn(0, 10);
  const double slow = sojourn(1, 4);
  const auto finish = [&](double start, double work) {
    return SlownessPath(slowness, seed, 3).finish(start, work);
  };
  CHECK(finish(0, normal / 2) == normal / 2);
  CHECK(finish(0, normal + slow / 10) == doctest::Approx(normal + slow / 2).epsilon(1e-14));
  CHECK(finish(normal + slow / 4, slow / 10) ==
        doctest::Approx(normal + slow * 3 / 4).epsilon(1e-14));
  CHECK(finish(normal / 2, normal / 2 + slow / 5 + 1e-3) ==
        doctest::Approx(normal + slow + 1e-3).epsilon(1e-14));
}

TEST_CASE("work under a factor of 1 ends at start + work exactly") {
  CHECK(rc::check("no loss", [] {
    Slowness slowness = *any_slowness();
    slowness.factor = 1;
    const double start = *log_uniform(-3, 3);
    const double work = *log_uniform(-3, 4);
    RC_ASSERT(SlownessPath(slowness, seed, 0).finish(start, work) == start + work);
  }));
}

TEST_CASE("work takes between once and factor times its normal duration, and more takes longer") {
  CHECK(rc::check("bounds", [] {
    const Slowness slowness = *any_slowness();
    SlownessPath path(slowness, seed, *rc::gen::arbitrary<std::uint32_t>());
    const double start = *log_uniform(-3, 3);
    const double work = *log_uniform(-3, 3);
    const double end = path.finish(start, work);
    const double rounding = 1e-12 * end;
    RC_ASSERT(end >= start + work);
    RC_ASSERT(end <= start + slowness.factor * work + rounding);
    RC_ASSERT(path.finish(start, work * 1.5) >= end - rounding);
  }));
}

TEST_CASE("work done in two parts ends when it ends in one") {
  CHECK(rc::check("additive", [] {
    const Slowness slowness = *any_slowness();
    const auto worker = *rc::gen::arbitrary<std::uint32_t>();
    const double start = *log_uniform(-2, 2);
    const double first = *log_uniform(-2, 3);
    const double second = *log_uniform(-2, 3);
    SlownessPath path(slowness, seed, worker);
    const double whole = path.finish(start, first + second);
    const double parts = path.finish(path.finish(start, first), second);
    RC_ASSERT(std::fabs(whole - parts) <= 1e-10 * whole);
  }));
}

TEST_CASE("a path asked about other jobs before gives the same answers") {
  CHECK(rc::check("independent of the policy", [] {
    const Slowness slowness = *any_slowness();
    const auto worker = *rc::gen::arbitrary<std::uint32_t>();
    SlownessPath used(slowness, seed, worker);
    double start = 0;
    for (int i = 0; i < 20; ++i) {
      start += *log_uniform(-2, 2);
      const double work = *log_uniform(-3, 3);
      // Asked twice: a job that was cancelled, and its successor from the same instant.
      (void)used.finish(start, 1000 * work);
      RC_ASSERT(used.finish(start, work) ==
                SlownessPath(slowness, seed, worker).finish(start, work));
    }
  }));
}

TEST_CASE("workers, and seeds, have paths of their own") {
  const Slowness slowness{1, 1, 3};
  const double end = SlownessPath(slowness, 1, 1).finish(0, 50);
  CHECK(SlownessPath(slowness, 1, 2).finish(0, 50) != end);
  CHECK(SlownessPath(slowness, 2, 1).finish(0, 50) != end);
}

TEST_CASE("the long-run share of slow time is mean_slow / (mean_normal + mean_slow)") {
  const Slowness slowness{3, 1, 4};
  const int workers = 200;
  const double work = 10000;  // the normal start then biases by a twentieth of the standard error
  double sum = 0;
  double squares = 0;
  for (std::uint32_t worker = 0; worker < workers; ++worker) {
    const double end = SlownessPath(slowness, seed, worker).finish(0, work);
    const double slow_time = (end - work) / (1 - 1 / slowness.factor);
    sum += slow_time / end;
    squares += (slow_time / end) * (slow_time / end);
  }
  const double mean = sum / workers;
  const double error = std::sqrt((squares / workers - mean * mean) / workers);
  CHECK(error < 0.002);
  CHECK(std::fabs(mean - 0.25) < 4.5 * error);
}

TEST_CASE("a worker starts in the normal state") {
  // Shorter than any first sojourn drawn here.
  for (std::uint32_t worker = 0; worker < 1000; ++worker) {
    CHECK(SlownessPath({1, 1, 9}, seed, worker).finish(0, 1e-9) == 1e-9);
  }
}

TEST_CASE("a job over more sojourns than can be drawn is charged at the mean speed") {
  const Slowness slowness{1, 1, 5};
  // 2 units of time do 1 + 1/5 units of work. After 10^6 sojourns the mean is known to 0.1 %.
  const double end = SlownessPath(slowness, seed, 0).finish(0, 1e12);
  CHECK(end == doctest::Approx(1e12 / 0.6).epsilon(0.01));
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(SlownessPath(slowness, seed, 0).finish(0, infinity) == infinity);
}

TEST_CASE("a start that lies in the past, or beyond all sojourns, is refused") {
  SlownessPath path({1, 1, 5}, seed, 0);
  (void)path.finish(100, 1);
  CHECK_THROWS_AS((void)path.finish(1, 1), InternalError);
  CHECK_THROWS_AS((void)path.finish(std::nan(""), 1), InternalError);
  CHECK_THROWS_AS((void)path.finish(1e12, 1), ConfigError);
}

}  // namespace
}  // namespace syncline::testing
