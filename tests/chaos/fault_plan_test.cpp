#include "chaos/fault_plan.hpp"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

std::vector<FaultKind> all_kinds() {
  std::vector<FaultKind> kinds;
  for (const FaultRow& row : fault_rows()) kinds.push_back(row.kind);
  return kinds;
}

FaultPlanSettings settings_of(std::uint64_t seed, std::uint64_t kills) {
  FaultPlanSettings settings;
  settings.seed = seed;
  settings.workers = 4;
  settings.shards = 2;
  settings.kinds = all_kinds();
  settings.kills = kills;
  settings.tls = true;
  return settings;
}

TEST_CASE("a plan is a function of its settings alone, and each seed has another") {
  CHECK(make_fault_plan(settings_of(1, 50)) == make_fault_plan(settings_of(1, 50)));
  CHECK(make_fault_plan(settings_of(1, 50)) != make_fault_plan(settings_of(2, 50)));
  // A longer plan is the same one that goes on: all but the last faults, whose order is by time.
  const auto shorter = make_fault_plan(settings_of(1, 20));
  const auto longer = make_fault_plan(settings_of(1, 50));
  for (const PlannedFault& fault : shorter) {
    CHECK(std::find(longer.begin(), longer.end(), fault) != longer.end());
  }
}

TEST_CASE("the rows of the table stand at their own kinds, and are found by their names") {
  for (const FaultRow& row : fault_rows()) {
    CHECK(row_of(row.kind).name == row.name);
    CHECK(find_fault_kind(row.name) == row.kind);
    CHECK(row.shortest <= row.longest);
    CHECK(row.weight > 0);
  }
  CHECK_THROWS_WITH_AS(static_cast<void>(find_fault_kind("kil")), doctest::Contains("'kill'?"),
                       ConfigError);
}

TEST_CASE(
    "plans of random settings are in order, of their kinds, and strike nobody twice at once") {
  CHECK(rc::check([] {
    FaultPlanSettings settings;
    settings.seed = *rc::gen::arbitrary<std::uint64_t>();
    settings.workers = *rc::gen::inRange<std::uint32_t>(1, 9);
    settings.shards = *rc::gen::inRange<std::uint32_t>(1, 5);
    settings.rate = *rc::gen::inRange(1, 200) / 10.0;
    settings.tls = *rc::gen::arbitrary<bool>();
    settings.kinds = *rc::gen::nonEmpty(rc::gen::unique<std::vector<FaultKind>>(
        rc::gen::map(rc::gen::inRange<int>(0, static_cast<int>(fault_kind_count)),
                     [](int kind) { return static_cast<FaultKind>(kind); })));
    const auto has = [&](FaultKind kind) {
      return std::count(settings.kinds.begin(), settings.kinds.end(), kind) > 0;
    };
    const bool by_kills = has(FaultKind::kill) && *rc::gen::arbitrary<bool>();
    if (by_kills) {
      settings.kills = *rc::gen::inRange<std::uint64_t>(1, 30);
    } else {
      settings.length = *rc::gen::inRange(1, 60);
    }
    const auto plan = make_fault_plan(settings);
    std::map<std::uint32_t, double> free;
    double before = 0, server_free = 0;
    std::uint64_t kills = 0;
    for (const PlannedFault& fault : plan) {
      const FaultRow& row = row_of(fault.kind);
      RC_ASSERT(has(fault.kind));
      RC_ASSERT(fault.time >= before);
      before = fault.time;
      if (settings.length > 0) RC_ASSERT(fault.time <= settings.length);
      RC_ASSERT(fault.lasts >= row.shortest);
      RC_ASSERT(fault.lasts <= row.longest);
      RC_ASSERT(fault.shard < settings.shards);
      if (fault.kind == FaultKind::corrupt) RC_ASSERT(fault.bytes >= 1U);
      if (!settings.tls) RC_ASSERT(fault.stranger != StrangerKind::expired_certificate);
      kills += fault.kind == FaultKind::kill ? 1 : 0;
      if (row.target == FaultTarget::worker) {
        RC_ASSERT(fault.worker < settings.workers);
        RC_ASSERT(fault.time >= free[fault.worker]);
        free[fault.worker] = fault.time + fault.lasts;
      }
      if (row.target == FaultTarget::server) {
        RC_ASSERT(fault.time >= server_free);
        server_free = fault.time + fault.lasts;
      }
    }
    if (by_kills) RC_ASSERT(kills == settings.kills);
  }));
}

TEST_CASE("long plans have the rate that was asked for, and all kinds in their shares") {
  FaultPlanSettings settings = settings_of(3, 0);
  settings.workers = 1000;  // so that hardly any fault has to wait for an earlier one
  std::erase_if(settings.kinds,
                [](FaultKind kind) { return row_of(kind).target == FaultTarget::server; });
  settings.rate = 5;
  settings.length = 4000;
  const auto plan = make_fault_plan(settings);
  // A Poisson number of mean 20,000: within five deviations.
  CHECK(std::abs(static_cast<double>(plan.size()) - 20000) < 5 * 142);
  double weights = 0;
  for (const FaultKind kind : settings.kinds) weights += row_of(kind).weight;
  for (const FaultKind kind : settings.kinds) {
    const FaultRow& row = row_of(kind);
    CAPTURE(row.name);
    const auto count = std::count_if(plan.begin(), plan.end(), [&](const PlannedFault& fault) {
      return fault.kind == row.kind;
    });
    CHECK(static_cast<double>(count) == doctest::Approx(20000 * row.weight / weights).epsilon(0.1));
  }
}

TEST_CASE("settings that make no plan are refused") {
  const auto refused = [](auto change) {
    FaultPlanSettings settings = settings_of(1, 5);
    change(settings);
    CHECK_THROWS_AS(static_cast<void>(make_fault_plan(settings)), ConfigError);
  };
  refused([](auto& settings) { settings.kinds.clear(); });
  refused([](auto& settings) { settings.kinds = {FaultKind::stop}; });
  refused([](auto& settings) { settings.kills = 0; });
  refused([](auto& settings) { settings.rate = 0; });
  refused([](auto& settings) { settings.rate = -1; });
  refused([](auto& settings) { settings.rate = 1e9; });
  refused([](auto& settings) { settings.workers = 0; });
  refused([](auto& settings) { settings.shards = 0; });
  refused([](auto& settings) { settings.kills = 1'000'000'000'000; });
}

}  // namespace
}  // namespace syncline
