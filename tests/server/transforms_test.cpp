#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include "syncline/error.hpp"
#include "syncline/random.hpp"
#include "syncline/transform.hpp"

namespace syncline {
namespace {

using Vector = std::vector<double>;

/// The gradient times the factor that the transform gives it.
Vector applied(Transform<double>& transform, Vector gradient, const Vector& now = {0, 0},
               const Vector& read = {0, 0}, WorkerId worker = 0) {
  const double factor = transform.apply(worker, gradient, now, read);
  for (double& x : gradient) x *= factor;
  return gradient;
}

TEST_CASE("clip shortens what is longer than the norm and leaves the rest") {
  const auto clip = make_transform<double>("clip(norm=5)", {2, 1});
  CHECK(applied(*clip, {6, 8}) == Vector{3, 4});
  CHECK(applied(*clip, {3, 4}) == Vector{3, 4});
  CHECK(applied(*clip, {0, 0}) == Vector{0, 0});
}

TEST_CASE("median-clip shortens to the median of the last norms, this one included") {
  const auto clip = make_transform<double>("median-clip(window=3, factor=2)", {2, 1});
  CHECK(applied(*clip, {1, 0}) == Vector{1, 0});    // median 1, limit 2
  CHECK(applied(*clip, {8, 0}) == Vector{2, 0});    // lower median of 1, 8
  CHECK(applied(*clip, {0, 4}) == Vector{0, 4});    // of 1, 4, 8: limit 8
  CHECK(applied(*clip, {20, 0}) == Vector{16, 0});  // 1 is forgotten: of 4, 8, 20
  // What is no number is none of the norms.
  CHECK(std::isnan(applied(*clip, {std::nan(""), 0})[0]));
  CHECK(applied(*clip, {20, 0}) == Vector{20, 0});  // of 4, 20, 20
}

TEST_CASE("delay compensation adds lambda g g (now - read), elementwise") {
  const auto fixed = make_transform<double>("delay-compensation(lambda=0.5)", {2, 1});
  CHECK(applied(*fixed, {2, -3}, {5, 1}, {4, 3}) == Vector{2 + 0.5 * 4 * 1, -3 - 0.5 * 9 * 2});
  CHECK(applied(*fixed, {2, -3}, {4, 3}, {4, 3}) == Vector{2, -3});

  const auto adaptive =
      make_transform<double>("adaptive-delay-compensation(lambda=2, decay=0.75)", {2, 1});
  const Vector first = applied(*adaptive, {4, 0}, {1, 1}, {0, 0});
  CHECK(first[0] == doctest::Approx(4 + 2 / std::sqrt(0.25 * 16 + 1e-7) * 16));
  CHECK(first[1] == 0);
  const Vector second = applied(*adaptive, {2, 0}, {1, 1}, {0, 0});
  CHECK(second[0] == doctest::Approx(2 + 2 / std::sqrt(0.75 * 4 + 0.25 * 4 + 1e-7) * 4));
}

TEST_CASE("round-clip keeps first gradients near the last round's mean and others short") {
  const auto clip = make_transform<double>("round-clip(radius=5)", {2, 2});
  const auto from = [&](WorkerId worker, const Vector& gradient) {
    return applied(*clip, gradient, {0, 0}, {0, 0}, worker);
  };
  // The first round: around 0, first gradients to 10 and further ones to 5.
  CHECK(from(0, {12, 16}) == Vector{6, 8});
  CHECK(from(0, {12, 16}) == Vector{3, 4});
  CHECK(from(0, {3, 4}) == Vector{3, 4});
  CHECK(from(1, {0, 4}) == Vector{0, 4});
  // The mean of (6, 8) and (0, 4) is (3, 6), longer than 5.
  const double share = 5 / std::sqrt(45.0);
  const Vector a = {3 * share, 6 * share};
  const Vector far = from(1, {a[0] + 30, a[1] - 40});
  CHECK(far[0] == doctest::Approx(a[0] + 6).epsilon(1e-14));
  CHECK(far[1] == doctest::Approx(a[1] - 8).epsilon(1e-14));
  CHECK(from(1, {-30, 40}) == Vector{-3, 4});
  const Vector broken = from(0, {std::nan(""), 1});
  CHECK(broken[0] == doctest::Approx(a[0]).epsilon(1e-14));
  // The third: around the mean of the two, ((2 a[0] + 6) / 2, (2 a[1] - 8) / 2), if not too long.
  const Vector middle = {a[0] + 3, a[1] - 4};
  const double limit = std::min(1.0, 5 / std::hypot(middle[0], middle[1]));
  const Vector nan = from(0, {INFINITY, 0});
  CHECK(nan[0] == doctest::Approx(limit * middle[0]).epsilon(1e-14));
  CHECK(nan[1] == doctest::Approx(limit * middle[1]).epsilon(1e-14));
  CHECK(from(0, {INFINITY, 0}) == Vector{0, 0});
}

TEST_CASE("round-clip, honest gradients no longer than the radius, changes none of them") {
  CHECK(rc::check("as they are", [](std::uint64_t seed) {
    const auto clip = make_transform<double>("round-clip(radius=2)", {3, 4});
    DrawStream draws(Stream::initial, {seed, 0, 0});
    for (int i = 0; i < 40; ++i) {
      Vector gradient(3);
      for (double& x : gradient) x = draws.normal();
      const double norm = std::hypot(gradient[0], gradient[1], gradient[2]);
      const double length = 2 * draws.uniform();
      for (double& x : gradient) x *= length / norm;
      const Vector before = gradient;
      const auto worker = static_cast<WorkerId>(draws.below(4));
      const double factor = clip->apply(worker, gradient, before, before);
      RC_ASSERT(factor == 1);
      RC_ASSERT(gradient == before);
    }
  }));
}

TEST_CASE("every transform, restored in the middle, goes on alike") {
  for (const char* text : {"clip(norm=1)", "median-clip(window=4)", "delay-compensation",
                           "adaptive-delay-compensation", "round-clip(radius=1)"}) {
    CAPTURE(text);
    const auto one = make_transform<double>(text, {2, 1});
    for (int i = 1; i < 7; ++i) applied(*one, {1.0 * i, 2.0 - i}, {0.5, 1}, {0, 0});
    const auto other = make_transform<double>(text, {2, 1});
    other->restore(nlohmann::json::parse(one->state().dump()));
    const auto from = one->vectors();
    const auto to = other->vectors();
    REQUIRE(from.size() == to.size());
    for (std::size_t i = 0; i < from.size(); ++i) *to[i] = *from[i];
    for (int i = 1; i < 7; ++i) {
      CHECK(applied(*one, {3.0 / i, 1}, {0.5, 1}, {0, 0}) ==
            applied(*other, {3.0 / i, 1}, {0.5, 1}, {0, 0}));
    }
  }
}

TEST_CASE("none is no transform, and bad arguments are refused") {
  CHECK(make_transform<float>("none", {2, 1}) == nullptr);
  for (const char* text :
       {"clip", "clip(norm=0)", "median-clip(window=0)", "median-clip(factor=-1)",
        "delay-compensation(lambda=-1)", "adaptive-delay-compensation(decay=1)", "clipp(norm=1)",
        "round-clip", "round-clip(radius=0)"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(static_cast<void>(make_transform<float>(text, {2, 1})), ConfigError);
  }
}

}  // namespace
}  // namespace syncline
