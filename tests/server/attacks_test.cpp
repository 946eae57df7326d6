// What each attack sends, number by number.

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/attack.hpp"
#include "syncline/error.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using Vector = std::vector<double>;

/// Two parameters and one statistic.
constexpr AggregatorShape shape = {2, 3, 42};

Vector sent(Attack<double>& attack, Vector payload, WorkerId worker = 0, std::uint64_t job = 0) {
  attack.apply(worker, job, payload);
  return payload;
}

TEST_CASE("attacks that know nothing, send what they say") {
  const Vector g = {1.5, -2, 7};
  CHECK(sent(*make_attack<double>("sign-flip", shape, 3), g) == Vector{-1.5, 2, 7});
  CHECK(sent(*make_attack<double>("reversal", shape, 3), g) == Vector{-15, 20, 7});
  CHECK(sent(*make_attack<double>("reversal(scale=0.5)", shape, 3), g) == Vector{-0.75, 1, 7});
  const Vector nan = sent(*make_attack<double>("nan", shape, 3), g);
  CHECK(std::isnan(nan[0]));
  CHECK(std::isnan(nan[1]));
  CHECK(nan[2] == 7);
  CHECK(sent(*make_attack<double>("flooding", shape, 3), g) == Vector{-1.5, 2, 7});
  CHECK(sent(*make_attack<double>("label-flip", shape, 3), g) == g);
  CHECK(make_attack<double>("none", shape, 3) == nullptr);
  CHECK(make_attack<float>("none", shape, 3) == nullptr);
}

TEST_CASE("the random attack, seed, worker and job, decide what it sends") {
  const auto attack = make_attack<double>("random(deviation=3, workers=2)", shape, 3);
  const auto again = make_attack<double>("random(deviation=3, workers=2)", shape, 3);
  const Vector first = sent(*attack, {1, 2, 7}, 1, 5);
  CHECK(first[2] == 7);
  CHECK(sent(*again, {0, 0, 7}, 1, 5) == first);
  CHECK(sent(*again, {0, 0, 7}, 1, 6) != first);
  CHECK(sent(*again, {0, 0, 7}, 0, 5) != first);
  AggregatorShape other = shape;
  other.seed = 43;
  CHECK(sent(*make_attack<double>("random(deviation=3, workers=2)", other, 3), {0, 0, 7}, 1, 5) !=
        first);

  const AggregatorShape wide = {10000, 10000, 1};
  const Vector many = sent(*make_attack<double>("random(deviation=3)", wide, 1), Vector(10000));
  double sum = 0;
  double squares = 0;
  for (const double x : many) {
    sum += x;
    squares += x * x;
  }
  // Five standard errors: 3 / 100, and 9 sqrt(2) / 100.
  CHECK(std::abs(sum / 10000) < 5 * 0.03);
  CHECK(std::abs(squares / 10000 - 9) < 5 * 9 * std::sqrt(2.0) / 100);
}

TEST_CASE("omniscient attacks, honest gradients, send what their papers say") {
  const auto little = make_attack<double>("a-little-is-enough", shape, 4);
  const auto product = make_attack<double>("inner-product", shape, 4);
  for (Attack<double>* attack : {little.get(), product.get()}) {
    attack->observe(1, Vector{1, 10, 3});
    attack->observe(2, Vector{3, 10, 3});
    attack->observe(3, Vector{8, 10, 3});
  }
  // Mean 4, variance (9 + 1 + 16) / 3.
  const Vector of_little = sent(*little, {100, 100, 7});
  CHECK(std::abs(of_little[0] - (4 - 1.5 * std::sqrt(26.0 / 3))) < 1e-14);
  CHECK(of_little[1] == 10);
  CHECK(of_little[2] == 7);
  const Vector of_product = sent(*product, {100, 100, 7});
  CHECK(std::abs(of_product[0] + 4.4) < 1e-14);
  CHECK(std::abs(of_product[1] + 11) < 1e-14);
  CHECK(of_product[2] == 7);
}

TEST_CASE("omniscient attacks, random gradients, follow the formulas") {
  CHECK(rc::check("to 1e-12", [](std::uint64_t seed) {
    const auto count = *rc::gen::inRange<std::size_t>(2, 30);
    const auto attack = make_attack<double>("a-little-is-enough(z=-0.7, who=2)", {4, 4, 1}, 3);
    DrawStream stream(Stream::initial, {seed, 0, 0});
    std::vector<Vector> honest(count, Vector(4));
    for (Vector& g : honest) {
      for (double& x : g) x = 1e3 + stream.normal();
      attack->observe(0, g);
    }
    const Vector result = sent(*attack, Vector(4), 2);
    for (std::size_t i = 0; i < 4; ++i) {
      double mean = 0;
      for (const Vector& g : honest) mean += g[i] / static_cast<double>(count);
      double variance = 0;
      for (const Vector& g : honest) {
        variance += (g[i] - mean) * (g[i] - mean) / static_cast<double>(count);
      }
      RC_ASSERT(std::abs(result[i] - (mean + 0.7 * std::sqrt(variance))) < 1e-9);
    }
  }));
}

TEST_CASE("omniscient attacks, fewer than two gradients in a step, use those of the last") {
  const AggregatorShape one = {1, 1, 1};
  const auto attack = make_attack<double>("inner-product(epsilon=2)", one, 4);
  // Before any honest gradient, its own; then the one that there is.
  CHECK(sent(*attack, {5}) == Vector{-10});
  attack->observe(1, Vector{1});
  CHECK(sent(*attack, {5}) == Vector{-2});
  // A step with one only goes on.
  attack->stepped();
  attack->observe(2, Vector{3});
  CHECK(sent(*attack, {5}) == Vector{-4});
  attack->stepped();
  CHECK(sent(*attack, {5}) == Vector{-4});
  attack->observe(1, Vector{100});
  CHECK(sent(*attack, {5}) == Vector{-4});
  attack->observe(2, Vector{200});
  CHECK(sent(*attack, {5}) == Vector{-300});
}

TEST_CASE("every attack, state moved in the middle of a step, continues bit for bit") {
  for (const auto& entry : attacks().entries()) {
    if (entry.name == "none") continue;
    CAPTURE(entry.name);
    const auto a = make_attack<float>(entry.name, shape, 3);
    const auto b = make_attack<float>(entry.name, shape, 3);
    a->observe(1, std::vector<float>{1, 2, 3});
    a->observe(2, std::vector<float>{0.1F, 2, 3});
    a->stepped();
    a->observe(1, std::vector<float>{0.3F, 0, 3});
    b->restore(nlohmann::json::parse(a->state().dump()));
    REQUIRE(a->vectors().size() == b->vectors().size());
    for (std::size_t i = 0; i < a->vectors().size(); ++i) *b->vectors()[i] = *a->vectors()[i];
    for (int payload = 0; payload < 3; ++payload) {
      std::vector<float> x = {1, 2, 3};
      std::vector<float> y = x;
      a->apply(0, 4, x);
      b->apply(0, 4, y);
      // NaN is not equal to itself.
      CHECK(std::equal(x.begin(), x.end(), y.begin(), [](float p, float q) {
        return p == q || (std::isnan(p) && std::isnan(q));
      }));
      for (const auto& attack : {a.get(), b.get()}) {
        attack->observe(2, std::vector<float>{0.7F, 1, 1});
      }
    }
  }
}

TEST_CASE("attacks, who is bad, are the first or those named") {
  const auto bad = [](const char* text) {
    const auto attack = make_attack<double>(text, shape, 5);
    std::string which;
    for (WorkerId worker = 0; worker < 5; ++worker) which += attack->bad(worker) ? 'x' : '.';
    return which;
  };
  CHECK(bad("sign-flip") == "x....");
  CHECK(bad("sign-flip(workers=3)") == "xxx..");
  CHECK(bad("sign-flip(workers=0)") == ".....");
  CHECK(bad("sign-flip(workers=5)") == "xxxxx");
  CHECK(bad("sign-flip(who=3)") == "...x.");
  CHECK(bad("nan(who=0 + 2+4)") == "x.x.x");
  CHECK(bad("nan(workers=2, who=0+2)") == "x.x..");
}

TEST_CASE("attacks, what the bad do before they send, is to flip labels or to hurry") {
  for (const auto& entry : attacks().entries()) {
    if (entry.name == "none") continue;
    CAPTURE(entry.name);
    const auto attack = make_attack<float>(entry.name, shape, 3);
    CHECK(attack->flips_labels() == (entry.name == "label-flip"));
    CHECK(attack->pace() == (entry.name == "flooding" ? 10 : 1));
  }
  CHECK(make_attack<double>("flooding(rho=30)", shape, 3)->pace() == 30);
}

TEST_CASE("attacks, bad parameters or workers that don't exist, are refused") {
  for (const char* text :
       {"sign-flip(workers=6)", "sign-flip(who=5)", "sign-flip(who=1+)", "sign-flip(who=a)",
        "sign-flip(workers=2, who=1)", "reversal(scale=0)", "random(deviation=-1)",
        "inner-product(epsilon=0)", "a-little-is-enough(z=nan)", "sign-flop", "nan(scale=1)",
        "flooding(rho=0)", "label-flip(classes=3)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_attack<double>(text, shape, 5)), ConfigError);
    CHECK_THROWS_AS(static_cast<void>(make_attack<float>(text, shape, 5)), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
