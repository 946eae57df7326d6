// Numbers so large that a loop over them would not end.

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "theory/lock_step.hpp"
#include "theory/theory_support.hpp"

namespace syncline {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST_CASE("lock step of K-batch-async, any P and K, is what counting the pushes gives") {
  for (std::uint64_t workers = 2; workers <= 12; ++workers) {
    for (std::uint64_t k = 1; k <= 30; ++k) {
      CAPTURE(workers);
      CAPTURE(k);
      std::vector<double> counted(workers + 1, 0);
      for (std::uint64_t n = 0; n < k; ++n) {
        counted[(n + workers) / k - (n + 1) / k] += 1 / static_cast<double>(k);
      }
      while (counted.back() == 0) counted.pop_back();
      const auto chances = lock_step_batch_async(workers, k);
      REQUIRE(chances.size() == counted.size());
      for (std::size_t s = 0; s < chances.size(); ++s) {
        CHECK(chances[s] == doctest::Approx(counted[s]));
      }
    }
  }
}

TEST_CASE("batch variants, the largest K, are answered at once") {
  for (const char* law : {"constant(value=1)", "gamma(shape=2, scale=0.5)"}) {
    CAPTURE(law);
    const DelayProfile fleet = DelayProfile::parse(law, 4);
    const double updates = static_cast<double>(largest) / 4;
    for (const auto family : {VariantFamily::k_batch_sync, VariantFamily::k_batch_async}) {
      const VariantPoint point{family, largest};
      CHECK(runtime_per_update(point, fleet).value == doctest::Approx(updates));
      CHECK(staleness_law(point, fleet).fresh_fraction.value == doctest::Approx(1));
      CHECK(cancelled_time_fraction(point, fleet).value == doctest::Approx(0));
    }
  }
}

TEST_CASE("K-batch-sync, infinite mean and many jobs a worker, has a lower end") {
  const DelayProfile fleet = DelayProfile::parse("pareto(scale=1, shape=0.9)", 4);
  const Estimate time = runtime_per_update({VariantFamily::k_batch_sync, 100000}, fleet);
  CHECK(time.kind == EstimateKind::bound);
  // 60 jobs a worker of at least 1 each.
  CHECK(time.lower > 60);
  CHECK(std::isinf(time.upper));
}

}  // namespace
}  // namespace syncline
