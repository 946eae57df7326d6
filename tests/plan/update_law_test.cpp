#include "plan/update_law.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace syncline {
namespace {

TEST_CASE("update law, pilots that follow one, is found exactly") {
  rc::check([] {
    const UpdateLaw truth{*rc::gen::inRange(10, 5000) / 1.0, *rc::gen::inRange(1, 50) / 10.0,
                          *rc::gen::inRange(1, 40) / 100.0};
    std::vector<UpdatesSeen> pilots;
    for (const auto& [k, s] : {std::pair{8.0, 0.0}, {1.0, 7.0}, {2.0, 0.0}, {2.0, 3.0}}) {
      pilots.push_back({k, s, truth.needed(k, s)});
    }
    const UpdateLaw law = fit_update_law(pilots);
    RC_ASSERT(std::abs(law.updates / truth.updates - 1) < 1e-6);
    RC_ASSERT(std::abs(law.noise_scale - truth.noise_scale) < 1e-5);
    RC_ASSERT(std::abs(law.staleness_cost - truth.staleness_cost) < 1e-5);
  });
}

TEST_CASE("update law, one pilot, is its number of updates for all") {
  const UpdateLaw law = fit_update_law({{8, 0, 250}});
  CHECK(law.needed(1, 7) == doctest::Approx(250));
}

TEST_CASE("update law, two pilots without staleness, is noise") {
  const UpdateLaw law = fit_update_law({{8, 0, 200}, {1, 0, 300}});
  CHECK(law.needed(8, 0) == doctest::Approx(200));
  CHECK(law.needed(1, 0) == doctest::Approx(300));
  CHECK(law.staleness_cost == 0);
}

TEST_CASE("update law, pilots that contradict the form, is never negative") {
  rc::check([] {
    std::vector<UpdatesSeen> pilots;
    const int count = *rc::gen::inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      pilots.push_back({*rc::gen::inRange(1, 20) / 1.0, *rc::gen::inRange(0, 90) / 10.0,
                        *rc::gen::inRange(1, 1000) / 1.0});
    }
    const UpdateLaw law = fit_update_law(pilots);
    RC_ASSERT(law.updates > 0);
    RC_ASSERT(law.noise_scale >= 0);
    RC_ASSERT(law.staleness_cost >= 0);
  });
}

}  // namespace
}  // namespace syncline
