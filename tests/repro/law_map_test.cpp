#include <cmath>

#include <doctest/doctest.h>

#include "fleet/virtual/fleet_timing.hpp"
#include "law_map_contests.hpp"
#include "law_map_prediction.hpp"
#include "law_map_race.hpp"
#include "store.hpp"
#include "studies.hpp"
#include "syncline/theory.hpp"

namespace syncline::repro::law_map {
namespace {

Racer racer(const std::string& policy, std::vector<std::optional<double>> times, double limit) {
  Racer result;
  result.policy = policy;
  result.point = variant_point(policy, 8).value();
  result.limit = limit;
  result.times = std::move(times);
  double sum = 0;
  for (const auto& time : result.times) sum += time.value_or(INFINITY);
  if (!result.times.empty()) result.mean = sum / static_cast<double>(result.times.size());
  return result;
}

/// Async first, K-sync with K = 1 behind it, sync last.
CellOfMap cell_of(Racer cancelling) {
  CellOfMap cell;
  cell.row = &row_named("exponential");
  cell.workers = 8;
  cell.tuned.racers = {racer("async", {10, 11, 12}, 100), std::move(cancelling),
                       racer("sync", {30, 31, 32}, 100)};
  cell.tuned.sync = 2;
  return cell;
}

bool stale(const CellOfMap&, const Racer& racer) { return is_stale(racer); }

TEST_CASE(
    "in every row without links and slow states P workers make P gradients in a unit of time") {
  for (const Row& row : rows()) {
    const FleetConfig fleet = row.fleet(8);
    if (fleet.slowness != "none") continue;
    CAPTURE(row.key);
    const FleetTiming timing(fleet, message_bytes);
    double rate = 0;
    for (std::uint32_t worker = 0; worker < 8; ++worker) {
      rate += 1 / (timing.profile.law(worker).mean() + timing.trip());
    }
    CHECK(rate == doctest::Approx(8).epsilon(1e-6));
  }
}

TEST_CASE("with slow states too, in the long run") {
  const FleetTiming timing(row_named("slow-states").fleet(8), message_bytes);
  CHECK(timing.profile.law(0).mean() == doctest::Approx((10 + 2.5 / 5) / (10 + 2.5)));
}

TEST_CASE("candidates of 4 and 8 workers are distinct points, sync last") {
  CHECK(candidates(4).size() == 7);
  CHECK(candidates(8).size() == 11);
  CHECK(candidates(8).back() == VariantPoint{VariantFamily::k_sync, 8});
}

TEST_CASE("a contest is open where the interval of the difference spans 0") {
  CHECK(contest(cell_of(racer("k-sync(k=1)", {9, 14, 13}, 100)), true, stale, cancels) ==
        Contest::open);
  CHECK(contest(cell_of(racer("k-sync(k=1)", {20, 21, 23}, 100)), true, stale, cancels) ==
        Contest::first);
  CHECK(contest(cell_of(racer("k-sync(k=1)", {2, 3, 4.5}, 100)), true, stale, cancels) ==
        Contest::second);
}

TEST_CASE("who missed the target or was not raced has lost") {
  CHECK(contest(cell_of(racer("k-sync(k=1)", {20, std::nullopt, 23}, 100)), true, stale, cancels) ==
        Contest::first);
  CHECK(contest(cell_of(racer("k-sync(k=1)", {}, 100)), true, stale, cancels) == Contest::first);
  // A miss counts with the limit of its run.
  const auto lead =
      behind(racer("async", {10, 11, 12}, 100), racer("k-sync(k=1)", {20, std::nullopt, 23}, 100));
  CHECK(lead->mean == doctest::Approx((10 + 89 + 11) / 3.0));
}

TEST_CASE("a prediction is judged by the one it names") {
  CellOfMap cell = cell_of(racer("k-sync(k=1)", {11, 12, 13.5}, 100));
  for (const Racer& one : cell.tuned.racers) {
    Expected expected;
    expected.policy = one.policy;
    cell.theory.push_back(expected);
  }
  CHECK(judge(cell, true, always("async")).behind == 0);
  const Judged near = judge(cell, true, always("k-sync(k=1)"));
  CHECK(near.behind == doctest::Approx(36.5 / 33 - 1));
  CHECK_FALSE(near.hit);
  CHECK_FALSE(judge(cell, true, always("sync")).hit);
  CHECK_FALSE(judge(cell, true, always("k-async(k=2)")).any);
}

TEST_CASE("the page can be written from any part of the map, also from none") {
  const Study study = beyond_law_map();
  const Store store(SYNCLINE_SOURCE "/docs/reproduction");
  Results results = store.results(study, {}, study.parts(Scale::full));
  for (int halving = 0; halving < 8 && !results.parts.empty(); ++halving) {
    for (std::size_t left = results.parts.size() / 2; results.parts.size() > left;) {
      results.parts.erase(results.parts.begin());
    }
    static_cast<void>(study.chapter(results));
  }
  CHECK(study.chapter(Results()).claims.empty());
}

}  // namespace
}  // namespace syncline::repro::law_map
