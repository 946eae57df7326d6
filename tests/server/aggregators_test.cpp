// Each rule against its definition, and the properties that robust rules are used for.

#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "server/aggregators_support.hpp"

namespace syncline {
namespace {

struct Expected {
  std::string rule;
  Vector value;
};

/// What each rule's definition gives, for the largest b up to `b` that so many payloads allow.
std::vector<Expected> by_definition(const Vectors& v, std::size_t b, std::size_t dimension) {
  const std::size_t n = v.size();
  const std::size_t b2 = std::min(b, (n - 1) / 2);
  const std::size_t b3 = n < 3 ? 0 : std::min(b, (n - 3) / 2);
  const std::size_t b4 = n < 3 ? 0 : std::min(b, (n - 3) / 4);
  const std::size_t most = n < 3 ? 1 : n - b3 - 2;
  const Vector clipped = brute_force::centred_clipping(v, Vector(dimension, 0.0), 1.5, 2);
  return {{"median", brute_force::median(v)},
          {with_b("trimmed-mean", b), brute_force::trimmed_mean(v, b2)},
          {with_b("krum", b), brute_force::krum(v, b3, dimension)},
          {with_b("multi-krum", b), brute_force::multi_krum(v, b3, most, dimension)},
          {"multi-krum(m=2, b=" + std::to_string(b) + ")",
           brute_force::multi_krum(v, b3, std::min<std::size_t>(2, most), dimension)},
          {with_b("bulyan", b), brute_force::bulyan(v, b4, dimension)},
          {"geometric-median", brute_force::geometric_median(v, 3, 1e-6, dimension)},
          {"geometric-median(5, 0.5)", brute_force::geometric_median(v, 5, 0.5, dimension)},
          {"centred-clipping(1.5, iterations=2)", clipped}};
}

/// Centred clipping has a rule of its own for statistics, tested apart.
Vector comparable(const Expected& expected, Vector value) {
  value.resize(expected.value.size());
  return value;
}

TEST_CASE("a rule, any number of payloads with and without ties, follows its definition") {
  CHECK(rc::check("to 1e-12 in double; whole numbers to 1e-5 in float", [](std::uint64_t seed) {
    const bool whole = *rc::gen::arbitrary<bool>();
    const auto count = *rc::gen::inRange<std::size_t>(1, 41);
    const auto b = *rc::gen::inRange<std::size_t>(0, 12);
    // One block of coordinates and the beginning of the next, or a handful.
    const std::size_t dimension = *rc::gen::element<std::size_t>(3, 66);
    const AggregatorShape shape = {dimension, dimension + 2, 1};
    DrawStream stream(Stream::initial, {seed, 0, 0});
    const Vectors v = draw(stream, count, shape.length, whole);
    for (const Expected& expected : by_definition(v, b, dimension)) {
      RC_LOG() << expected.rule << '\n';
      RC_ASSERT(
          close(comparable(expected, aggregate(expected.rule, v, shape)), expected.value, 1e-12));
      if (whole) {
        RC_ASSERT(close(comparable(expected, aggregate<float>(expected.rule, v, shape)),
                        expected.value, 1e-5));
      }
    }
  }));
}

TEST_CASE("a coordinate-wise rule, more payloads than a network sorts, follows its definition") {
  DrawStream stream(Stream::initial, {12, 0, 0});
  for (const bool whole : {false, true}) {
    const Vectors v = draw(stream, 137, small_shape.length, whole);
    for (std::size_t count = 126; count <= 137; ++count) {
      CAPTURE(count);
      const Vectors some(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(count));
      CHECK(close(aggregate("median", some, small_shape), brute_force::median(some), 1e-13));
      CHECK(close(aggregate("trimmed-mean(b=20)", some, small_shape),
                  brute_force::trimmed_mean(some, 20), 1e-13));
    }
    CHECK(close(aggregate("bulyan(b=3)", v, small_shape), brute_force::bulyan(v, 3, 3), 1e-13));
  }
}

TEST_CASE("a rule, payloads longer than a block of sums, follows its definition") {
  const AggregatorShape shape = {9001, 9003, 1};
  DrawStream stream(Stream::initial, {5, 0, 0});
  const Vectors v = draw(stream, 11, shape.length, false);
  for (const Expected& expected : by_definition(v, 2, shape.dimension)) {
    CAPTURE(expected.rule);
    CHECK(close(comparable(expected, aggregate(expected.rule, v, shape)), expected.value, 1e-11));
  }
  const Vectors whole = draw(stream, 11, shape.length, true);
  for (const Expected& expected : by_definition(whole, 2, shape.dimension)) {
    CAPTURE(expected.rule);
    CHECK(close(comparable(expected, aggregate<float>(expected.rule, whole, shape)), expected.value,
                1e-5));
  }
}

TEST_CASE("a rule in single precision, squares beyond its range, chooses as within it") {
  const AggregatorShape shape = {600, 600, 1};
  DrawStream stream(Stream::initial, {11, 0, 0});
  const Vectors v = draw(stream, 11, shape.length, true);
  for (const char* rule : {"krum(b=2)", "multi-krum(b=2)", "bulyan(b=2)"}) {
    const Vector expected = aggregate<float>(rule, v, shape);
    for (const double scale : {0x1p100, 0x1p-100}) {
      CAPTURE(rule);
      CAPTURE(scale);
      Vectors scaled = v;
      for (Vector& payload : scaled) {
        for (double& x : payload) x *= scale;
      }
      Vector result = aggregate<float>(rule, scaled, shape);
      for (double& x : result) x /= scale;
      CHECK(result == expected);
    }
  }
}

TEST_CASE("a rule, payloads in another order, gives the same") {
  CHECK(
      rc::check("bit for bit where it selects, to rounding where it sums", [](std::uint64_t seed) {
        const auto count = *rc::gen::inRange<std::size_t>(3, 40);
        DrawStream stream(Stream::initial, {seed, 0, 0});
        const Vectors v = draw(stream, count, small_shape.length, false);
        Vectors other = v;
        for (std::size_t left = count; left > 1; --left) {
          std::swap(other[left - 1], other[stream.below(left)]);
        }
        for (const char* rule : {"median", "krum(b=2)", "multi-krum(b=2)", "bulyan(b=2)"}) {
          RC_LOG() << rule << '\n';
          RC_ASSERT(aggregate(rule, v, small_shape) == aggregate(rule, other, small_shape));
        }
        for (const char* rule :
             {"mean", "trimmed-mean(b=2)", "geometric-median", "centred-clipping(radius=1)"}) {
          RC_LOG() << rule << '\n';
          RC_ASSERT(
              close(aggregate(rule, v, small_shape), aggregate(rule, other, small_shape), 1e-12));
        }
      }));
}

TEST_CASE("robust rules, b outliers, stay in the range of the honest per coordinate") {
  CHECK(rc::check("whatever the outliers are", [](std::uint64_t seed) {
    const auto b = *rc::gen::inRange<std::size_t>(0, 9);
    const auto more = *rc::gen::inRange<std::size_t>(0, 5);
    DrawStream stream(Stream::initial, {seed, 0, 0});
    // `slack`: how far beyond, in units of that range.
    const auto check = [&](const std::string& rule, std::size_t needs, double slack) {
      const Vectors honest = draw(stream, needs + more - b, 3, false);
      Vectors all = draw(stream, b, 3, false);
      for (Vector& bad : all) {
        // From among the honest to far away, alike or on different sides.
        const double scale = std::pow(10.0, 30 * stream.uniform());
        for (double& x : bad) x *= stream.below(2) == 0 ? scale : 1;
      }
      all.insert(all.begin() + static_cast<std::ptrdiff_t>(stream.below(b + 1)), honest.begin(),
                 honest.end());
      const Vector result = aggregate(rule, all, {3, 3, 1});
      RC_LOG() << rule << " of " << all.size() << '\n';
      for (std::size_t i = 0; i < result.size(); ++i) {
        const Vector sorted = brute_force::sorted_column(honest, i);
        const double beyond = slack * (sorted.back() - sorted.front()) + 1e-14;
        RC_ASSERT(result[i] >= sorted.front() - beyond);
        RC_ASSERT(result[i] <= sorted.back() + beyond);
      }
    };
    check("median", 2 * b + 1, 0);
    check(with_b("trimmed-mean", b), 2 * b + 1, 0);
    // What Bulyan takes the mean of is no farther from the median than some honest value is.
    check(with_b("bulyan", b), 4 * b + 3, 1);
  }));
}

TEST_CASE("Krum, b outliers together and far away, takes an honest payload") {
  DrawStream stream(Stream::initial, {3, 0, 0});
  for (std::size_t b = 1; b < 12; ++b) {
    CAPTURE(b);
    const Vectors honest = draw(stream, b + 3, 3, false);
    Vectors all(b, Vector{1e9, 1e9, 1e9});
    all.insert(all.end(), honest.begin(), honest.end());
    const Vector krum = aggregate(with_b("krum", b), all, {3, 3, 1});
    CHECK(std::any_of(honest.begin(), honest.end(),
                      [&](const Vector& payload) { return close(krum, payload, 1e-14); }));
    const Vector multi = aggregate(with_b("multi-krum", b), all, {3, 3, 1});
    CHECK(std::abs(multi[0]) < 10);
  }
}

TEST_CASE("centred clipping, several steps, starts from its last result and moves by the radius") {
  DrawStream stream(Stream::initial, {4, 0, 0});
  const auto aggregator = make_aggregator<double>("centred-clipping(radius=0.7)", small_shape);
  Vector m(small_shape.dimension, 0.0);
  for (int step = 0; step < 5; ++step) {
    Vectors v = draw(stream, 6, small_shape.length, false);
    for (double& x : v[2]) x *= 1e100;
    add_all(*aggregator, v, 1.0 / 6);
    Vector result = take(*aggregator);
    result.resize(m.size());
    const Vector last = m;
    m = brute_force::centred_clipping(v, last, 0.7, 1);
    CHECK(close(result, m, 1e-13));
    CHECK(brute_force::distance(result, last, m.size()) <= 0.7 + 1e-12);
  }
}

TEST_CASE("centred clipping, statistics, are weighted by how far the gradients are") {
  // Distances from 0: 5, 1, 10; factors with radius 2: 0.4, 1, 0.2.
  const Vectors v = {{3, 4, 10}, {1, 0, 20}, {0, -10, 30}};
  const Vector result = aggregate("centred-clipping(radius=2)", v, {2, 3, 1});
  CHECK(close(result, {(1.2 + 1) / 3, (1.6 - 2) / 3, (4.0 + 20 + 6) / 1.6}, 1e-14));
}

}  // namespace
}  // namespace syncline
