#include "curves.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace syncline::repro {
namespace {

Json run_with(const std::vector<double>& time, const std::vector<double>& error,
              const Json& k = Json::array()) {
  Json run;
  run["curve"] = {{"time", time},       {"update", time},      {"test_error", error},
                  {"test_loss", error}, {"train_loss", error}, {"train_error", error}};
  run["k"] = k;
  return run;
}

TEST_CASE("mean_over_time is the area by trapezia over its length, up to the end asked for") {
  const Json run = run_with({0, 1, 3, 4}, {1, 0.5, 0.5, 0});
  CHECK(mean_over_time(run, "test_error", 4) == doctest::Approx((0.75 + 1 + 0.25) / 4));
  CHECK(mean_over_time(run, "test_error", 3) == doctest::Approx(1.75 / 3));
  CHECK(mean_over_time(run, "test_error", 100) == doctest::Approx(0.5));
  CHECK(std::isnan(mean_over_time(run_with({0}, {1}), "test_error", 1)));
}

TEST_CASE("last_value is that of the last evaluation up to a time") {
  const Json run = run_with({0, 1, 3, 4}, {1, 0.5, 0.4, 0});
  CHECK(last_value(run, "test_error", 3) == 0.4);
  CHECK(last_value(run, "test_error", 3.5) == 0.4);
  CHECK(last_value(run, "update", 100) == 4);
  CHECK(std::isnan(last_value(run, "test_error", -1)));
}

TEST_CASE("mean_curve has a band of one standard error and ends with the shortest run") {
  const Json a = run_with({0, 1, 2}, {1, 0.5, 0.2}), b = run_with({0, 1}, {1, 0.7});
  const auto points = mean_curve({&a, &b}, "time", "test_error");
  REQUIRE(points.size() == 2);
  CHECK(points[1].x == 1);
  CHECK(points[1].y == doctest::Approx(0.6));
  CHECK(*points[1].high - points[1].y == doctest::Approx(0.1));  // sd 0.1414 / sqrt(2)
  CHECK(*points[0].low == points[0].y);
  CHECK(mean_curve({}, "time", "test_error").empty());
}

TEST_CASE("mean_k follows the changes of K, and is k0 where there are none") {
  const Json a = run_with({}, {}, {{0, 1}, {5, 3}}), b = run_with({}, {});
  const auto points = mean_k({&a, &b}, 1, 10, 10);
  REQUIRE(points.size() == 11);
  CHECK(points[4].y == 1);
  CHECK(points[5].y == 2);
  CHECK(points[10].y == 2);
}

TEST_CASE("time_to needs the median of five successive evaluations") {
  const Json lucky = run_with({0, 1, 2, 3, 4, 5, 6}, {1, 0.1, 1, 1, 1, 1, 1});
  CHECK(!time_to(lucky, "test_error", 0.5));
  const Json steady = run_with({0, 1, 2, 3, 4, 5, 6}, {1, 1, 1, 0.4, 0.4, 0.4, 1});
  CHECK(time_to(steady, "test_error", 0.5) == 3);
}

TEST_CASE("seeds_of lists the runs of a prefix in the order of their seeds") {
  Results results;
  for (const int seed : {10, 2, 1}) {
    results.runs["x-seed-" + std::to_string(seed)] = Json(seed);
    results.runs["other-seed-" + std::to_string(seed)] = Json(-seed);
  }
  const auto runs = seeds_of(results, "x");
  REQUIRE(runs.size() >= 2);
  CHECK(*runs[0] == 1);
  CHECK(*runs[1] == 2);
}

TEST_CASE("a difference is taken seed by seed") {
  const auto interval = difference({1, 2, 3}, {0.5, 1.5, 2.5});
  REQUIRE(interval.has_value());
  CHECK(interval->mean == doctest::Approx(0.5));
  CHECK(interval->lower == doctest::Approx(0.5));
  CHECK(!difference({1}, {2}).has_value());
}

}  // namespace
}  // namespace syncline::repro
