// The screens of BRIDGE against their definitions.

#include <limits>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "fleet/decentralised/mixing.hpp"
#include "fleet/decentralised/screens_brute_force.hpp"
#include "syncline/random.hpp"

namespace syncline {
namespace {

using brute_force::Vector;
using brute_force::Vectors;

constexpr Stream test_stream = static_cast<Stream>(1000);

Vectors random_vectors(std::size_t count, std::size_t dimension, std::uint64_t seed) {
  Vectors vectors(count, Vector(dimension));
  DrawStream stream(test_stream, {seed, 0, 0});
  for (Vector& vector : vectors) {
    // Some far off, so that there is something to screen.
    const double scale = stream.below(4) == 0 ? 20 : 1;
    for (double& x : vector) x = scale * stream.normal();
  }
  return vectors;
}

Vector screened(const std::string& screen, const Vector& own, const Vectors& neighbours) {
  const auto nodes = static_cast<std::uint32_t>(neighbours.size() + 1);
  const auto mixing =
      make_mixing<double>(screen, {own.size(), own.size(), 1}, make_topology("complete", nodes));
  Vector result(own.size());
  mixing->mix(0, own, Payloads<double>(neighbours.begin(), neighbours.end()), result);
  return result;
}

void same(const Vector& a, const Vector& b) {
  RC_ASSERT(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) RC_ASSERT(std::abs(a[i] - b[i]) < 1e-11);
}

struct Definition {
  const char* screen;
  Vector (*value)(const Vector& own, const Vectors& neighbours, std::size_t b);
};
constexpr Definition definitions[] = {{"trimmed-mean", brute_force::bridge_t},
                                      {"median", brute_force::bridge_m},
                                      {"krum", brute_force::bridge_k},
                                      {"bulyan", brute_force::bridge_b}};

TEST_CASE("each screen is what its definition says") {
  for (const Definition& definition : definitions) {
    CAPTURE(definition.screen);
    CHECK(rc::check([&] {
      const auto b = *rc::gen::inRange<std::size_t>(0, 4);
      const std::string screen = std::string(definition.screen) + "(b=" + std::to_string(b) + ")";
      const std::size_t more = *rc::gen::inRange<std::size_t>(0, 8);
      const std::size_t neighbours = neighbours_needed(screen) + more;
      const std::size_t dimension = *rc::gen::inRange<std::size_t>(1, 150);
      const Vectors all =
          random_vectors(neighbours + 1, dimension, *rc::gen::arbitrary<std::uint64_t>());
      const Vectors others(all.begin() + 1, all.end());
      same(screened(screen, all[0], others), definition.value(all[0], others, b));
    }));
  }
}

TEST_CASE("with more neighbours than a selection network takes, too") {
  const Vectors all = random_vectors(201, 5, 3);
  const Vectors others(all.begin() + 1, all.end());
  for (const Definition& definition : {definitions[0], definitions[1]}) {
    const Vector expected = definition.value(all[0], others, 30);
    const Vector got = screened(std::string(definition.screen) + "(b=30)", all[0], others);
    for (std::size_t i = 0; i < 5; ++i) CHECK(got[i] == doctest::Approx(expected[i]));
  }
}

TEST_CASE("the screened value lies within the values of the honest, whatever b nodes send") {
  CHECK(rc::check([] {
    const auto b = *rc::gen::inRange<std::size_t>(1, 4);
    const Vectors all = random_vectors(2 * b + 2, 7, *rc::gen::arbitrary<std::uint64_t>());
    Vectors others(all.begin() + 1, all.end());
    const double huge = *rc::gen::element(1e6, -1e6, 1e300, std::numeric_limits<double>::infinity(),
                                          std::numeric_limits<double>::quiet_NaN());
    for (std::size_t k = 0; k < b; ++k) others[k].assign(7, huge);
    const std::string screen =
        *rc::gen::element(std::string("trimmed-mean"), std::string("median"));
    const Vector result = screened(screen + "(b=" + std::to_string(b) + ")", all[0], others);
    const Vectors honest = brute_force::with_own(all[0], {others.begin() + b, others.end()});
    for (std::size_t i = 0; i < 7; ++i) {
      const Vector sorted = brute_force::sorted_column(honest, i);
      RC_ASSERT(result[i] >= sorted.front() - 1e-9);
      RC_ASSERT(result[i] <= sorted.back() + 1e-9);
    }
  }));
}

TEST_CASE("models that are not finite are left out") {
  Vectors others(9, Vector{1, 2});
  for (std::size_t k = 0; k < 2; ++k) others[k][1] = std::numeric_limits<double>::quiet_NaN();
  for (const Definition& definition : definitions) {
    CAPTURE(definition.screen);
    const Vector result = screened(std::string(definition.screen) + "(b=2)", {1, 2}, others);
    CHECK(result == Vector{1, 2});
  }
}

TEST_CASE("a node that hears nothing finite keeps its own model") {
  const Vectors others(9, Vector{std::numeric_limits<double>::infinity()});
  for (const Definition& definition : definitions) {
    CAPTURE(definition.screen);
    CHECK(screened(std::string(definition.screen) + "(b=2)", {4}, others) == Vector{4});
  }
}

TEST_CASE("the neighbours that each screen needs") {
  CHECK(neighbours_needed("trimmed-mean(b=2)") == 5);
  CHECK(neighbours_needed("median(b=2)") == 5);
  CHECK(neighbours_needed("krum(b=2)") == 7);
  CHECK(neighbours_needed("bulyan(b=0)") == 2);
  CHECK(neighbours_needed("bulyan(b=2)") == 9);
  CHECK(neighbours_needed("uniform") == 1);
}

}  // namespace
}  // namespace syncline
