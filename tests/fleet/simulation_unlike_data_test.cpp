// The policies for workers with unlike data and their promises, on any fleet.

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "fleet/simulation_support.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::Recording;

std::string with(const char* name, const char* parameter, std::uint64_t value,
                 const char* more = "") {
  return std::string(name) + "(" + parameter + "=" + std::to_string(value) + more + ")";
}

TEST_CASE("malenia, any fleet, steps on fresh gradients, one or more of everybody") {
  CHECK(rc::check("everybody, staleness 0", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const auto per_worker = *rc::gen::inRange<std::uint64_t>(0, 4);
    const std::uint64_t wanted = per_worker * fleet.workers;
    const Recording recording = record(with("malenia", "gradients", wanted), fleet, seed, 20);
    for (const UpdateRecord& update : recording.updates) {
      std::vector<double> counts(fleet.workers, 0);
      for (const GradientRecord& gradient : update.gradients) {
        RC_ASSERT(gradient.staleness == 0U);
        ++counts[gradient.worker];
      }
      double inverses = 0;
      for (const double count : counts) {
        RC_ASSERT(count >= 1);
        inverses += 1 / count;
      }
      RC_ASSERT(fleet.workers / inverses * fleet.workers >=
                static_cast<double>(wanted) * (1 - 1e-9));
    }
    RC_ASSERT(recording.account.dropped == 0U);
  }));
}

TEST_CASE("malenia and rennala with equal times step when sync does, on one gradient of each") {
  FleetConfig fleet;
  fleet.workers = 5;
  fleet.delay = "constant(value=2)";
  const auto sync = record("sync", fleet, 1, 20).updates;
  for (const char* policy : {"malenia", "rennala(batch=5)"}) {
    CAPTURE(policy);
    const auto updates = record(policy, fleet, 1, 20).updates;
    for (std::size_t i = 0; i < updates.size(); ++i) {
      CHECK(updates[i].time == sync[i].time);
      REQUIRE(updates[i].gradients.size() == 5);
      for (WorkerId worker = 0; worker < 5; ++worker) {
        CHECK(updates[i].gradients[worker].worker == worker);
        CHECK(updates[i].gradients[worker].staleness == 0);
      }
    }
  }
}

TEST_CASE(
    "ringleader, any fleet, takes P steps a round, each worker's in turn, and loses nothing") {
  CHECK(rc::check("rounds", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const Recording recording = record("ringleader", fleet, seed, 6ULL * fleet.workers);
    RC_ASSERT(recording.account.dropped == 0U);
    RC_ASSERT(recording.account.cancelled == 0U);
    RC_ASSERT(recording.idle == 0);
    for (std::size_t begin = 0; begin < recording.updates.size(); begin += fleet.workers) {
      std::set<WorkerId> steppers;
      for (std::size_t i = begin; i < begin + fleet.workers; ++i) {
        steppers.insert(recording.updates[i].gradients.back().worker);
      }
      RC_ASSERT(steppers.size() == fleet.workers);
    }
  }));
}

TEST_CASE("ringleader with equal speeds applies nothing staler than 2 P - 2") {
  for (const std::uint32_t workers : {1U, 2U, 5U, 9U}) {
    FleetConfig fleet;
    fleet.workers = workers;
    fleet.delay = "constant(value=1)";
    for (const UpdateRecord& update : record("ringleader", fleet, 1, 12ULL * workers).updates) {
      for (const GradientRecord& gradient : update.gradients) {
        CHECK(gradient.staleness <= 2 * workers - 2);
      }
    }
  }
}

TEST_CASE("ia2sgd, any fleet, begins when everybody has pushed, and then steps on every push") {
  CHECK(rc::check("warm-up, then async", [](std::uint64_t seed) {
    const FleetConfig fleet = testing::random_fleet();
    const Recording recording = record("ia2sgd", fleet, seed, 40);
    std::set<WorkerId> first;
    std::size_t pushes = 0;
    while (first.size() < fleet.workers) first.insert(recording.deliveries[pushes++].job.worker);
    RC_ASSERT(recording.updates.front().gradients.size() == fleet.workers);
    RC_ASSERT(recording.updates.front().time == recording.deliveries[pushes - 1].time);
    for (std::size_t i = 1; i < recording.updates.size(); ++i) {
      RC_ASSERT(recording.updates[i].gradients.size() == 1U);
      RC_ASSERT(recording.updates[i].time == recording.deliveries[pushes + i - 1].time);
    }
  }));
}

}  // namespace
}  // namespace syncline
