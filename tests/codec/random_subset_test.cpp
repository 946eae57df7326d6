// All subsets of one size have the same chance.

#include "codec/random_subset.hpp"

#include <array>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "support/chi_square.hpp"

namespace syncline {
namespace {

TEST_CASE("a random subset, many drawn, is each pair of five equally often") {
  std::array<double, 25> cells{};
  for (std::uint64_t job = 0; job < 5000; ++job) {
    DrawStream draws(Stream::initial, {1, 0, job});
    const auto pair = random_subset(5, 2, draws);
    ++cells[pair[0] * 5 + pair[1]];
  }
  std::vector<double> observed;
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = a + 1; b < 5; ++b) observed.push_back(cells[a * 5 + b]);
  }
  const std::vector<double> expected(10, 500.0);
  CHECK(testing::chi_square_chance(observed, expected) > testing::least_chance);
}

TEST_CASE("a random subset, any size, increases, stays in range and has its size") {
  CHECK(rc::check("of 1 to 200 numbers", [](std::uint64_t seed) {
    const auto size = *rc::gen::inRange<std::size_t>(1, 200);
    const auto count = *rc::gen::inRange<std::size_t>(0, size + 1);
    DrawStream draws(Stream::initial, {seed, 0, 0});
    const auto subset = random_subset(size, count, draws);
    RC_ASSERT(subset.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      RC_ASSERT(subset[i] < size);
      // Not in one assertion: its operators do not stop at the first answer.
      if (i > 0) RC_ASSERT(subset[i - 1] < subset[i]);
    }
  }));
}

}  // namespace
}  // namespace syncline
