#include <atomic>

#include <doctest/doctest.h>

#include "measure/descent.hpp"
#include "measure/measured.hpp"
#include "measure/subset.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::config_of;
using testing::measured;

std::string refusal(const RunConfig& config, const MeasureSettings& settings) {
  try {
    static_cast<void>(measured(config, settings));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_CASE("settings that nothing could be measured with are refused by their names") {
  const RunConfig analytic = config_of("quadratic(dimension=4)");
  CHECK(refusal(analytic, {.gradients = 1}).find("measure.gradients") == 0);
  CHECK(refusal(analytic, {.directions = 0}).find("measure.directions") == 0);
  CHECK(refusal(config_of("softmax"), {.samples = 1}).find("measure.samples") == 0);
  CHECK(refusal(analytic, {.gradients = 2, .directions = 1}) == "accepted");
}

TEST_CASE("partition that gives workers data of their own is refused") {
  RunConfig config = config_of("softmax");
  for (const char* partition : {"shards", "dirichlet(alpha=0.3)"}) {
    config.model.partition = partition;
    CHECK(refusal(config, {}).find("model.partition is '" + std::string(partition)) == 0);
  }
}

TEST_CASE("unknown precision is refused, and both known ones measure the same") {
  RunConfig config = config_of("quadratic(dimension=4)");
  config.model.precision = "float16";
  CHECK_THROWS_AS(static_cast<void>(measure(config, {}, {})), ConfigError);
  config.model.precision = "float32";
  const WorkloadConstants single = measure(config, {}, {});
  config.model.precision = "float64";
  CHECK(measure(config, {}, {}).sigma2.value == single.sigma2.value);
}

TEST_CASE("measurement that is interrupted ends with the status of an interruption") {
  const std::atomic<bool> interrupted{true};
  Progress progress;
  progress.interrupted = &interrupted;
  try {
    static_cast<void>(measure(config_of("quadratic"), {}, progress));
    FAIL("went on");
  } catch (const Error& error) {
    CHECK(error.exit_code() == ExitCode::interrupted);
  }
}

TEST_CASE("progress of a measurement rises to about 1") {
  for (const std::string workload : {"quadratic(dimension=50)", "tridiagonal(dimension=3)"}) {
    double last = 0;
    bool falls = false;
    Progress progress;
    progress.report = [&](const std::string&, double fraction) {
      falls = falls || fraction < last;
      last = fraction;
    };
    static_cast<void>(measure(config_of(workload), {}, progress));
    CHECK_FALSE(falls);
    CHECK(last > 0.9);
    CHECK(last <= 1);
  }
}

TEST_CASE("descent from a minimum, with noise alone, still goes to other points") {
  Progress progress;
  WorkDone work(progress);
  for (const double start : {0.0, 1.0}) {
    GradientSource source(
        make_workload<double>("quadratic(dimension=6, start=" + std::to_string(start) + ")", {}),
        config_of("quadratic"), 0, work);
    const Vector state = source.initial_state();
    const DescentPath path = descend(source, {state, source.mean(state)}, 0.5, 1e-6);
    REQUIRE(path.points.size() == descent_points);
    for (std::size_t i = 1; i < path.points.size(); ++i) {
      CHECK(path.points[i].state != path.points[i - 1].state);
    }
    CHECK(path.secant > 0.01);
    CHECK(path.secant <= 1 + 1e-9);
  }
}

TEST_CASE("subset of samples holds each at most once, in chunks of nearly equal size") {
  for (const auto& [available, wanted, chunk] :
       {std::array<std::size_t, 3>{240, 0, 32}, {240, 100, 7}, {3, 2, 50}, {1, 0, 8}, {5, 9, 1}}) {
    CAPTURE(available);
    const Subset subset(available, wanted, chunk, 5);
    const std::size_t size = wanted == 0 ? available : std::min(wanted, available);
    CHECK(subset.size() == size);
    CHECK(subset.unseen() == 1 - static_cast<double>(size) / static_cast<double>(available));
    CHECK((subset.chunks() % 2 == 0 || size == 1 || size < 2 * chunk));
    std::vector<int> seen(available);
    std::size_t least = available, most = 0;
    for (std::size_t i = 0; i < subset.chunks(); ++i) {
      least = std::min(least, subset.chunk(i).size());
      most = std::max(most, subset.chunk(i).size());
      for (const auto sample : subset.chunk(i)) ++seen.at(sample);
    }
    CHECK(most - least <= 1);
    CHECK(std::count(seen.begin(), seen.end(), 1) == static_cast<std::ptrdiff_t>(size));
    CHECK(std::count(seen.begin(), seen.end(), 0) == static_cast<std::ptrdiff_t>(available - size));
  }
}

}  // namespace
}  // namespace syncline
