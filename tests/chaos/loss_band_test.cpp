#include "chaos/loss_band.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace syncline {
namespace {

TEST_CASE("the band of five losses is the one of the tables") {
  // t of 4 degrees of freedom: 4.604095 for 99 %, 2.776445 for 95 %. s = sqrt(2.5).
  const std::vector<double> losses = {1, 2, 3, 4, 5};
  const LossBand band = loss_band(losses, 0.99);
  CHECK(band.mean == doctest::Approx(3));
  CHECK(band.upper - band.mean == doctest::Approx(4.604095 * 1.5811388 * 1.0954451));
  CHECK(band.mean - band.lower == doctest::Approx(band.upper - band.mean));
  CHECK(loss_band(losses, 0.95).upper - 3 == doctest::Approx(2.776445 * 1.5811388 * 1.0954451));
}

TEST_CASE("a band holds its ends and nothing beyond") {
  const LossBand band = {2, 1, 3};
  CHECK(band.holds(1));
  CHECK(band.holds(3));
  CHECK_FALSE(band.holds(0.999));
  CHECK_FALSE(band.holds(3.001));
}

}  // namespace
}  // namespace syncline
