#include <algorithm>
#include <cmath>
#include <set>

#include <doctest/doctest.h>

#include "plan/candidate.hpp"
#include "plan/quadratic_model.hpp"
#include "syncline/error.hpp"
#include "syncline/policy.hpp"

namespace syncline {
namespace {

WorkloadConstants constants() {
  WorkloadConstants known;
  known.dimension = 50;
  known.batch = 4;
  known.loss = 7;
  known.signal = {{1, 0.5}, {0.1, 0.02}};
  known.noise = {{1, 3}, {0.2, 5}};
  known.gradient_norm2.value = 0.52;
  known.sigma2.value = 6;
  known.m_g.value = 2 / 0.52;
  return known;
}

TEST_CASE("model of constants has their gradient, noise and loss") {
  const QuadraticModel model = model_of(constants());
  double gradient = 0;
  double noise = 0;
  for (const Mode& mode : model.modes) {
    gradient += std::pow(mode.curvature * mode.start, 2);
    noise += mode.noise * mode.noise;
  }
  CHECK(gradient == doctest::Approx(0.52));
  // The lines hold the variance at the start; what stays when the gradient has gone is sigma^2.
  CHECK(noise == doctest::Approx(6.0 / 4));
  CHECK(model.initial_loss() == doctest::Approx(7));
  CHECK(model.floor == doctest::Approx(7 - 0.5 / 2 - 0.02 / 0.1 / 2));
  CHECK(model.sharpness() == 1);
  CHECK(noise * (1 + model.noise_growth * 0.52) == doctest::Approx(8.0 / 4));
  CHECK(model.noise_scale() == doctest::Approx(2 / 0.52));
}

TEST_CASE("model of constants without positive curvature is refused") {
  WorkloadConstants known = constants();
  for (auto& line : known.signal) line.eigenvalue = -1;
  for (auto& line : known.noise) line.eigenvalue = 0;
  CHECK_THROWS_AS(static_cast<void>(model_of(known)), DataError);
}

TEST_CASE("candidates name each algorithm once, sync first, and all can be made") {
  for (const std::uint32_t workers : {1U, 2U, 3U, 8U, 40U, 1000U}) {
    CAPTURE(workers);
    std::set<std::string> names;
    std::set<std::uint64_t> sync_ks;
    for (const VariantPoint& point : candidate_points(workers)) {
      const std::string text = policy_text(point, workers);
      CHECK(names.insert(text).second);
      CHECK(variant_point(text, workers) == point);
      PolicyContext context;
      context.workers = workers;
      CHECK(make_policy(text, context) != nullptr);
      if (point.family == VariantFamily::k_sync) sync_ks.insert(point.k);
    }
    CHECK(policy_text(candidate_points(workers).front(), workers) == "sync");
    CHECK(sync_ks.size() >= std::min<std::size_t>(workers, 10));
    CHECK(*sync_ks.rbegin() == workers);
    CHECK(candidate_points(workers).size() < 220);
  }
}

}  // namespace
}  // namespace syncline
