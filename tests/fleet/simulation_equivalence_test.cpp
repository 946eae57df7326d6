// Different names for one algorithm: the runs must be the same to the last bit.

#include <doctest/doctest.h>

#include "fleet/simulation_support.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::texts;

std::string with_k(const char* name, std::uint64_t k) {
  return std::string(name) + "(k=" + std::to_string(k) + ")";
}

std::vector<std::string> run(const std::string& policy, const FleetConfig& fleet,
                             std::uint64_t seed) {
  return texts(record(policy, fleet, seed, 40).updates);
}

TEST_CASE("full sync, k-sync(P) and k-async(P), any fleet, are one run") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto sync = run("sync", fleet, seed);
    RC_ASSERT(run(with_k("k-sync", fleet.workers), fleet, seed) == sync);
    RC_ASSERT(run(with_k("k-async", fleet.workers), fleet, seed) == sync);
  }));
}

TEST_CASE("async, k-async(1) and k-batch-async(1), any fleet, are one run") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto async = run("async", fleet, seed);
    RC_ASSERT(run("k-async(k=1)", fleet, seed) == async);
    RC_ASSERT(run("k-batch-async(k=1)", fleet, seed) == async);
  }));
}

TEST_CASE("k-sync(1) and k-batch-sync(1), any fleet, are one run") {
  CHECK(rc::check("equal records", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    RC_ASSERT(run("k-sync(k=1)", fleet, seed) == run("k-batch-sync(k=1)", fleet, seed));
  }));
}

TEST_CASE("one worker, every variant, is serial: staleness 0 and nobody idle or cancelled") {
  CHECK(rc::check("P = 1", [](std::uint64_t seed) {
    FleetConfig fleet;
    fleet.workers = 1;
    fleet.delay = testing::random_law();
    const auto serial = record("sync", fleet, seed, 40);
    for (const char* policy : {"sync", "async", "k-sync(k=1)", "k-async(k=1)", "k-batch-sync(k=4)",
                               "k-batch-async(k=4)"}) {
      const std::uint64_t k = std::string(policy).find("k=4") == std::string::npos ? 1 : 4;
      const auto recording = record(policy, fleet, seed, 40 / k);
      RC_ASSERT(recording.elapsed == serial.elapsed);
      RC_ASSERT(recording.idle == 0);
      RC_ASSERT(recording.account.cancelled == 0U);
      for (const UpdateRecord& update : recording.updates) {
        for (const GradientRecord& gradient : update.gradients) {
          RC_ASSERT(gradient.staleness == 0U);
        }
      }
    }
  }));
}

TEST_CASE("the first update, same draws, comes no later with k-batch-sync than with k-sync") {
  CHECK(rc::check("pathwise", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto k = *rc::gen::inRange<std::uint64_t>(1, fleet.workers + 1);
    RC_ASSERT(record(with_k("k-batch-sync", k), fleet, seed, 1).elapsed <=
              record(with_k("k-sync", k), fleet, seed, 1).elapsed);
  }));
}

TEST_CASE("rest=finish, any fleet, applies only fresh gradients and drops all others") {
  CHECK(rc::check("backup workers that run on", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto k = *rc::gen::inRange<std::uint64_t>(1, fleet.workers + 1);
    for (const char* name : {"k-sync", "k-batch-sync"}) {
      const auto recording =
          record(std::string(name) + "(k=" + std::to_string(k) + ", rest=finish)", fleet, seed, 30);
      RC_ASSERT(recording.account.cancelled == 0U);
      RC_ASSERT(recording.account.applied == 30 * k);
      for (const UpdateRecord& update : recording.updates) {
        for (const GradientRecord& gradient : update.gradients) {
          RC_ASSERT(gradient.staleness == 0U);
        }
      }
    }
  }));
}

}  // namespace
}  // namespace syncline
