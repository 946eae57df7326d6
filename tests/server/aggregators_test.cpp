// Each rule against its definition, and the properties that robust rules are used for.

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "server/aggregators_brute_force.hpp"
#include "syncline/aggregator.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using brute_force::Vector;
using brute_force::Vectors;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr AggregatorShape small_shape = {3, 5, 1};

/// One of each rule of the registry, for four payloads and more where b is 0.
const std::vector<std::string> all_rules = {"mean",
                                            "median",
                                            "trimmed-mean(b=1)",
                                            "krum(b=1)",
                                            "multi-krum(b=1)",
                                            "bulyan(b=1)",
                                            "geometric-median",
                                            "centred-clipping(radius=2)",
                                            "bucketing",
                                            "bucketing(size=3, rule=centred-clipping(radius=1))"};

/// Small whole numbers, which often tie and whose sums are exact, or normal ones.
Vectors draw(DrawStream& stream, std::size_t count, std::size_t length, bool whole) {
  Vectors vectors(count, Vector(length));
  for (Vector& vector : vectors) {
    for (double& x : vector) {
      x = whole ? static_cast<double>(stream.below(4)) - 1 : stream.normal();
    }
  }
  return vectors;
}

template <class Real>
void add_all(Aggregator<Real>& aggregator, const Vectors& payloads, double weight) {
  for (const Vector& payload : payloads) {
    aggregator.add(weight, std::vector<Real>(payload.begin(), payload.end()));
  }
}

template <class Real>
Vector take(Aggregator<Real>& aggregator) {
  const auto result = aggregator.result();
  Vector copy(result.begin(), result.end());
  aggregator.clear();
  return copy;
}

template <class Real = double>
Vector aggregate(const std::string& rule, const Vectors& payloads, const AggregatorShape& shape) {
  const auto aggregator = make_aggregator<Real>(rule, shape);
  add_all(*aggregator, payloads, 1.0 / static_cast<double>(payloads.size()));
  return take(*aggregator);
}

bool close(const Vector& a, const Vector& b, double tolerance) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= tolerance * (1 + std::abs(b[i])))) return false;
  }
  return true;
}

std::string with_b(const std::string& rule, std::size_t b) {
  return rule + "(b=" + std::to_string(b) + ")";
}

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
  Vector clipped = brute_force::centred_clipping(v, Vector(dimension, 0.0), 1.5, 2);
  Vectors result;
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

TEST_CASE("every rule, equal payloads, returns that payload") {
  const Vector payload = {0.1, -0.7, 1.3, 0.3, 100.7};
  for (const auto& entry : aggregators().entries()) {
    const auto found = std::find_if(all_rules.begin(), all_rules.end(), [&](const auto& rule) {
      return parse_spec(rule).name == entry.name;
    });
    REQUIRE_MESSAGE(found != all_rules.end(), entry.name);
  }
  for (const std::string& rule : all_rules) {
    for (const std::size_t count : {1, 2, 3, 7, 10, 32, 33}) {
      CAPTURE(rule);
      CAPTURE(count);
      const AggregatorShape shape = {3, 5, 1};
      const auto aggregator = make_aggregator<double>(rule, shape);
      // Twice: centred clipping with a radius below the payload's length needs two steps.
      for (int step = 0; step < 2; ++step) {
        add_all(*aggregator, Vectors(count, payload), 1.0 / static_cast<double>(count));
        const Vector result = take(*aggregator);
        if (step == 1) CHECK(close(result, payload, 1e-14));
      }
    }
  }
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

TEST_CASE("every rule, payloads that are not finite, leaves them out") {
  DrawStream stream(Stream::initial, {6, 0, 0});
  const Vectors finite = draw(stream, 8, small_shape.length, false);
  for (const std::string& rule : all_rules) {
    if (rule == "mean") continue;
    CAPTURE(rule);
    const auto aggregator = make_aggregator<double>(rule, small_shape);
    Vectors all = finite;
    int place = 0;
    for (const double bad : {std::nan(""), infinity, -infinity}) {
      Vector payload = finite[0];
      payload[static_cast<std::size_t>(2 * place)] = bad;
      all.insert(all.begin() + 3 * place++, payload);
    }
    add_all(*aggregator, all, 0.125);
    CHECK(aggregator->count() == 11);
    CHECK(aggregator->weight() == 1);
    CHECK(take(*aggregator) == aggregate(rule, finite, small_shape));

    add_all(*aggregator, Vectors(3, Vector(small_shape.length, infinity)), 0.125);
    CHECK(aggregator->count() == 3);
    CHECK(aggregator->weight() > 0);
    CHECK(take(*aggregator) == Vector(small_shape.length, 0.0));
  }
}

TEST_CASE("every rule, weights, give the rule's vector at their scale") {
  DrawStream stream(Stream::initial, {7, 0, 0});
  const Vectors v = draw(stream, 8, small_shape.length, false);
  for (const std::string& rule : all_rules) {
    CAPTURE(rule);
    const Vector once = aggregate(rule, v, small_shape);
    const auto aggregator = make_aggregator<double>(rule, small_shape);
    add_all(*aggregator, v, 0.25);
    CHECK(aggregator->weight() == 2);
    Vector twice = take(*aggregator);
    for (double& x : twice) x /= 2;
    CHECK(close(twice, once, 1e-15));
    CHECK(aggregator->empty());
  }
}

TEST_CASE("a rule, unequal weights, takes each gradient at its own") {
  DrawStream stream(Stream::initial, {8, 0, 0});
  const Vectors v = draw(stream, 5, small_shape.length, false);
  const auto trimmed = make_aggregator<double>("trimmed-mean(b=0)", small_shape);
  Vector expected(small_shape.length, 0.0);
  double sum = 0;
  for (std::size_t k = 0; k < v.size(); ++k) {
    const double weight = 0.1 * static_cast<double>(k);
    trimmed->add(weight, v[k]);
    sum += weight;
    for (std::size_t i = 0; i < small_shape.dimension; ++i) expected[i] += weight * v[k][i];
  }
  for (std::size_t i = small_shape.dimension; i < small_shape.length; ++i) {
    expected[i] = sum * brute_force::mean(v)[i];
  }
  CHECK(close(take(*trimmed), expected, 1e-14));
}

TEST_CASE("every rule, state moved in the middle of a step, continues bit for bit") {
  for (const std::string& rule : all_rules) {
    CAPTURE(rule);
    DrawStream stream(Stream::initial, {9, 0, 0});
    const auto a = make_aggregator<float>(rule, small_shape);
    for (int step = 0; step < 3; ++step) {
      add_all(*a, draw(stream, 7, small_shape.length, false), 1.0 / 7);
      take(*a);
    }
    add_all(*a, draw(stream, 4, small_shape.length, false), 1.0 / 7);
    const auto b = make_aggregator<float>(rule, small_shape);
    b->restore(nlohmann::json::parse(a->state().dump()));
    REQUIRE(a->vectors().size() == b->vectors().size());
    for (std::size_t i = 0; i < a->vectors().size(); ++i) {
      REQUIRE(a->vectors()[i]->size() == b->vectors()[i]->size());
      *b->vectors()[i] = *a->vectors()[i];
    }
    for (int step = 0; step < 3; ++step) {
      const Vectors rest = draw(stream, 3, small_shape.length, false);
      add_all(*a, rest, 1.0 / 7);
      add_all(*b, rest, 1.0 / 7);
      CHECK(a->count() == b->count());
      CHECK(a->weight() == b->weight());
      CHECK(take(*a) == take(*b));
    }
  }
}

TEST_CASE("bucketing, of one payload or all, is the rule or the mean") {
  DrawStream stream(Stream::initial, {10, 0, 0});
  const Vectors v = draw(stream, 9, small_shape.length, false);
  for (const std::string rule : {"median", "krum(b=2)", "trimmed-mean(b=3)"}) {
    CAPTURE(rule);
    CHECK(close(aggregate("bucketing(size=1, rule=" + rule + ")", v, small_shape),
                aggregate(rule, v, small_shape), 1e-14));
    CHECK(close(aggregate("bucketing(size=9, rule=" + rule + ")", v, small_shape),
                brute_force::mean(v), 1e-14));
  }
  // Each payload is in one bucket: three alike of three, and one of what is left.
  const Vector of_buckets = aggregate("bucketing(size=3, rule=trimmed-mean(b=0))", v, small_shape);
  CHECK(close(of_buckets, brute_force::mean(v), 1e-14));
}

TEST_CASE("bucketing, step after step, shuffles anew by its seed alone") {
  // Of the two buckets of two, Krum takes the earlier: any two of the four payloads.
  const Vectors v = {{1}, {10}, {100}, {1000}};
  const auto results = [&](std::uint64_t seed) {
    const auto aggregator =
        make_aggregator<double>("bucketing(size=2, rule=krum(b=0))", {1, 1, seed});
    Vector all;
    for (int step = 0; step < 60; ++step) {
      add_all(*aggregator, v, 0.25);
      all.push_back(take(*aggregator)[0] * 2);
    }
    return all;
  };
  const Vector first = results(1);
  CHECK(first == results(1));
  CHECK(first != results(2));
  for (const double pair : {11, 101, 1001, 110, 1010, 1100}) {
    CAPTURE(pair);
    CHECK(std::find(first.begin(), first.end(), pair) != first.end());
  }
}

TEST_CASE("aggregators, needs, are those of their papers") {
  const auto needs = [](const char* rule) { return aggregator_needs(rule).payloads; };
  CHECK_FALSE(aggregator_needs("mean").distinct_workers);
  for (const std::string& rule : all_rules) {
    if (rule != "mean") CHECK(aggregator_needs(rule).distinct_workers);
  }
  CHECK(needs("mean") == 1);
  CHECK(needs("median") == 1);
  CHECK(needs("geometric-median") == 1);
  CHECK(needs("centred-clipping(radius=1)") == 1);
  CHECK(needs("trimmed-mean(b=2)") == 5);
  CHECK(needs("krum(b=2)") == 7);
  CHECK(needs("multi-krum(b=2)") == 7);
  CHECK(needs("multi-krum(b=2, m=3)") == 7);
  CHECK(needs("multi-krum(b=2, m=5)") == 9);
  CHECK(needs("bulyan(b=2)") == 11);
  CHECK(needs("bucketing(size=2, rule=trimmed-mean(b=2))") == 9);
  CHECK(needs("bucketing(size=1, rule=bulyan(b=1))") == 7);
}

TEST_CASE("aggregators, bad parameters, are refused") {
  for (const char* rule :
       {"trimmed-mean", "trimmed-mean(b=-1)", "trimmed-mean(b=1.5)", "krum", "median(b=1)",
        "multi-krum(m=2)", "geometric-median(iterations=0)", "geometric-median(smoothing=0)",
        "centred-clipping", "centred-clipping(radius=0)", "bucketing(size=0)",
        "bucketing(rule=medain)", "bucketing(rule=krum)", "medain"}) {
    CAPTURE(rule);
    CHECK_THROWS_AS(static_cast<void>(make_aggregator<double>(rule, small_shape)), ConfigError);
    CHECK_THROWS_AS(static_cast<void>(make_aggregator<float>(rule, small_shape)), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
