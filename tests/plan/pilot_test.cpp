// A pilot run of `train`, read back as descent: the model made of it predicts the run it came from,
// and other points of the line.

#include "plan/pilot.hpp"

#include <cmath>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "plan/expected_descent.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"
#include "syncline/train.hpp"

namespace syncline {
namespace {

RunConfig pilot_config(const std::string& log) {
  RunConfig config;
  config.policy = "sync";
  config.fleet.workers = 4;
  config.model.workload = "quadratic(dimension=40, condition=30, noise=0)";
  config.optimizer.step_size = 0.2;
  config.stop.metric = "train_loss";
  config.stop.updates = 200;
  config.log = log;
  config.threads = 1;
  return config;
}

/// Excess loss of the workload after n noiseless updates.
double truth(double updates) {
  double sum = 0;
  for (int i = 0; i < 40; ++i) {
    const double curvature = std::pow(1.0 / 30, i / 39.0);
    sum += curvature * std::pow(1 - 0.2 * curvature, 2 * updates);
  }
  return sum / 2;
}

TEST_CASE("pilot whose step size depends on K or staleness is refused") {
  const testing::TemporaryFolder folder;
  RunConfig config = pilot_config(folder / "scaled.jsonl");
  config.optimizer.scaling = "linear";
  static_cast<void>(train(config, {}));
  CHECK_THROWS_WITH_AS(read_pilot(config.log, "train_loss"), doctest::Contains("optimizer.scaling"),
                       ConfigError);
}

TEST_CASE("pilot without noise: model and time to a metric follow its own curve") {
  const testing::TemporaryFolder folder;
  const std::string log = folder / "pilot.jsonl";
  static_cast<void>(train(pilot_config(log), {}));
  const Pilot pilot = read_pilot(log, "train_loss");
  CHECK(pilot.step_size == 0.2);
  CHECK(pilot.k == 4);
  CHECK(pilot.descent.size() >= 50);
  CHECK(pilot.staleness == std::vector<double>{1.0});

  const QuadraticModel model = model_of(pilot, {});
  const ExpectedDescent course(model, 0.2, 4, {1.0});
  for (const double updates : {5.0, 30.0, 100.0, 180.0}) {
    // The fit takes descent as continuous; a step of 0.2 on curvature 1 is 10 % from that.
    CHECK(course.loss(updates) == doctest::Approx(truth(updates)).epsilon(0.12));
  }
  const double target = truth(120);
  const auto needed = descent_to(pilot, target);
  REQUIRE(needed);
  CHECK_FALSE(needed->extrapolated);
  CHECK(needed->descent == doctest::Approx(120 * 0.2).epsilon(0.03));

  const auto beyond = descent_to(pilot, truth(260));
  REQUIRE(beyond);
  CHECK(beyond->extrapolated);
  CHECK(beyond->descent == doctest::Approx(260 * 0.2).epsilon(0.15));
}

TEST_CASE(
    "pilot that is no training run, too short or with a schedule, is refused with the reason") {
  const testing::TemporaryFolder folder;
  const std::string log = folder / "pilot.jsonl";
  RunConfig config = pilot_config(log);
  config.stop.updates = 4;
  static_cast<void>(train(config, {}));
  CHECK_THROWS_WITH_AS(static_cast<void>(read_pilot(log, "train_loss")),
                       doctest::Contains("run it longer"), DataError);

  config = pilot_config(log);
  config.optimizer.schedule = "cosine(length=200)";
  static_cast<void>(train(config, {}));
  CHECK_THROWS_WITH_AS(static_cast<void>(read_pilot(log, "train_loss")),
                       doctest::Contains("constant step size"), ConfigError);

  config = pilot_config(log);
  static_cast<void>(train(config, {}));
  // An analytic model has no test error.
  CHECK_THROWS_AS(static_cast<void>(read_pilot(log, "test_error")), DataError);
}

}  // namespace
}  // namespace syncline
