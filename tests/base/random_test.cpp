#include "syncline/random.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/chi_square.hpp"

namespace syncline {
namespace {

using testing::chi_square_chance;
using testing::least_chance;

constexpr double allowed = 4.5;  // standard errors
constexpr int draws = 400000;

TEST_CASE("a draw stream, equal keys, gives equal numbers however it is read") {
  CHECK(rc::check("bits", [](std::uint64_t seed, std::uint32_t worker, std::uint32_t job) {
    DrawStream a(Stream::delay, {seed, worker, job});
    DrawStream b(Stream::delay, {seed, worker, job});
    for (int i = 0; i < 20; ++i) RC_ASSERT(a.bits() == b.bits());
    DrawStream copy = a;
    RC_ASSERT(copy.normal() == a.normal());
    RC_ASSERT(copy.normal() == a.normal());
    RC_ASSERT(copy.bits() == a.bits());
  }));
}

TEST_CASE("draw streams, keys that differ in one part, never meet") {
  // Every purpose x seeds x workers x jobs at the edges of their ranges: 64-bit blocks that met
  // by chance would do so with a chance of 2^-45.
  std::set<std::uint64_t> seen;
  std::size_t all = 0;
  for (std::uint32_t purpose = 1; purpose <= 9; ++purpose) {
    for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
      for (const std::uint32_t worker : {0U, 1U, 256U, ~0U}) {
        for (const std::uint64_t job : {0ULL, 1ULL, 1ULL << 31, 1ULL << 32, (1ULL << 40) - 1}) {
          DrawStream stream(static_cast<Stream>(purpose), {seed, worker, job});
          for (int i = 0; i < 8; ++i, ++all) seen.insert(stream.bits());
        }
      }
    }
  }
  CHECK(seen.size() == all);
}

TEST_CASE("uniform draws, many of them, fill (0, 1) evenly and stay inside") {
  constexpr std::size_t cells = 200;
  std::vector<double> observed(cells, 0);
  DrawStream stream(Stream::sampling, {20031057, 0, 0});
  bool inside = true;
  for (int i = 0; i < draws; ++i) {
    const double u = stream.uniform();
    inside = inside && u > 0 && u < 1;
    ++observed[static_cast<std::size_t>(u * cells)];
  }
  CHECK(inside);
  const std::vector<double> expected(cells, static_cast<double>(draws) / cells);
  CHECK(chi_square_chance(observed, expected) > least_chance);
}

TEST_CASE("first draws of successive jobs, as a worker makes them, are uniform and independent") {
  constexpr std::size_t side = 16;
  std::vector<double> pairs(side * side, 0);
  for (std::uint64_t job = 0; job < draws; job += 2) {
    const double a = DrawStream(Stream::delay, {1, 3, job}).uniform();
    const double b = DrawStream(Stream::delay, {1, 3, job + 1}).uniform();
    ++pairs[static_cast<std::size_t>(a * side) * side + static_cast<std::size_t>(b * side)];
  }
  const std::vector<double> expected(side * side, draws / 2.0 / (side * side));
  CHECK(chi_square_chance(pairs, expected) > least_chance);
}

TEST_CASE("normal and exponential draws, many of them, have the right moments") {
  DrawStream stream(Stream::gradient_noise, {20031057, 1, 2});
  std::array<double, 5> normal{};
  double product = 0;
  double last = 0;
  std::array<double, 3> exponential{};
  for (int i = 0; i < draws; ++i) {
    const double x = stream.normal();
    for (std::size_t power = 1; power < normal.size(); ++power) {
      normal[power] += std::pow(x, static_cast<double>(power)) / draws;
    }
    product += x * last / draws;
    last = x;
    const double e = stream.exponential();
    exponential[1] += e / draws;
    exponential[2] += e * e / draws;
  }
  const double error = 1 / std::sqrt(static_cast<double>(draws));
  // Var(X^p) = E X^2p - (E X^p)^2: 1, 2, 15, 96 for the normal, 1 and 20 for the exponential.
  CHECK(std::abs(normal[1]) < allowed * error);
  CHECK(std::abs(normal[2] - 1) < allowed * error * std::sqrt(2.0));
  CHECK(std::abs(normal[3]) < allowed * error * std::sqrt(15.0));
  CHECK(std::abs(normal[4] - 3) < allowed * error * std::sqrt(96.0));
  CHECK(std::abs(product) < allowed * error);
  CHECK(std::abs(exponential[1] - 1) < allowed * error);
  CHECK(std::abs(exponential[2] - 2) < allowed * error * std::sqrt(20.0));
}

TEST_CASE("whole draws below n, small and huge n, are in range and unbiased") {
  for (const std::uint64_t n : {1ULL, 2ULL, 7ULL, 100ULL}) {
    CAPTURE(n);
    std::vector<double> observed(n, 0);
    DrawStream stream(Stream::partition, {5, 0, n});
    for (int i = 0; i < draws / 4; ++i) {
      const std::uint64_t value = stream.below(n);
      REQUIRE(value < n);
      ++observed[value];
    }
    if (n == 1) continue;
    const std::vector<double> expected(n, draws / 4.0 / static_cast<double>(n));
    CHECK(chi_square_chance(observed, expected) > least_chance);
  }
  // n = 3 * 2^62: without rejection the first third would be drawn twice as often as it should.
  const std::uint64_t n = 3ULL << 62;
  std::vector<double> thirds(3, 0);
  DrawStream stream(Stream::partition, {5, 1, 0});
  for (int i = 0; i < draws / 4; ++i) ++thirds[stream.below(n) / (1ULL << 62)];
  CHECK(chi_square_chance(thirds, std::vector<double>(3, draws / 12.0)) > least_chance);
  std::vector<double> residues(3, 0);
  for (int i = 0; i < draws / 4; ++i) ++residues[stream.below(n) % 3];
  CHECK(chi_square_chance(residues, std::vector<double>(3, draws / 12.0)) > least_chance);
}

}  // namespace
}  // namespace syncline
