#include <filesystem>

#include <doctest/doctest.h>

#include "publish.hpp"
#include "studies.hpp"

namespace syncline::repro {
namespace {

TEST_CASE("analytic studies give the stored results again, number for number") {
  const Store store(std::filesystem::path(SYNCLINE_SOURCE) / "docs/reproduction");
  std::size_t analytic = 0;
  for (const Study& study : studies()) {
    if (!study.analytic) continue;
    CAPTURE(study.id);
    const auto stored = store.computed(study);
    REQUIRE(stored.has_value());
    CHECK(study.compute(Scale::full, {}) == *stored);
    ++analytic;
  }
  CHECK(analytic >= 4);
}

}  // namespace
}  // namespace syncline::repro
