// What holds for every aggregator: weights, payloads out of range, checkpoints, needs; bucketing,
// which works with any.

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "server/aggregators_support.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_CASE("every rule, equal payloads, returns that payload") {
  const Vector payload = {0.1, -0.7, 1.3, 0.3, 100.7};
  for (const auto& entry : aggregators().entries()) {
    const auto found = std::find_if(all_rules.begin(), all_rules.end(), [&](const auto& rule) {
      return parse_spec(rule).name == entry.name;
    });
    REQUIRE_MESSAGE(found != all_rules.end(), entry.name);
  }
  for (const std::string& rule : all_rules) {
    for (const std::size_t count : {1, 2, 3, 7, 10, 32, 130}) {
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
