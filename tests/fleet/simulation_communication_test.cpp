// Restart cost, latency, bandwidth and the server's shared link, in cases small enough to compute
// by hand. All times are dyadic, so they are compared with ==.

#include <cmath>

#include <doctest/doctest.h>

#include "fleet/simulation_support.hpp"
#include "support/temporary_folder.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::record;
using testing::TemporaryFolder;

FleetConfig constant_fleet(std::uint32_t workers) {
  FleetConfig fleet;
  fleet.workers = workers;
  fleet.delay = "constant(value=1)";
  return fleet;
}

std::vector<double> update_times(const testing::Recording& recording) {
  std::vector<double> times;
  for (const UpdateRecord& update : recording.updates) times.push_back(update.time);
  return times;
}

using Times = std::vector<double>;

TEST_CASE("a restart cost, k-sync(1), delays only the job that replaces a cancelled one") {
  const TemporaryFolder folder;
  FleetConfig fleet;
  fleet.workers = 2;
  fleet.delay = "service-times(file=" +
                folder.write("times.json", std::string(R"({"0": [1, 10, 1], "1": [2, 1, 8]})")) +
                ")";
  fleet.restart_cost = 0.5;
  // Worker 0 makes update 1 at 1. Worker 1's replacement ends at 1 + 0.5 + 1, and worker 0's next
  // job, cancelled there, is replaced by one that ends at 2.5 + 0.5 + 1.
  const auto recording = record("k-sync(k=1)", fleet, 1, 3);
  CHECK(update_times(recording) == Times{1, 2.5, 4});
  CHECK(recording.updates[1].gradients[0].worker == 1);
  CHECK(recording.updates[1].gradients[0].start == 1);
  CHECK(recording.updates[1].cancelled[0] == std::pair<WorkerId, double>{0, 1.5});
  CHECK(recording.updates[2].gradients[0].worker == 0);
}

TEST_CASE("a restart cost, nothing ever cancelled, costs nothing") {
  FleetConfig fleet = constant_fleet(3);
  fleet.restart_cost = 100;
  CHECK(update_times(record("sync", fleet, 1, 3)) == Times{1, 2, 3});
  CHECK(update_times(record("k-async(k=3)", fleet, 1, 3)) == Times{1, 2, 3});
}

TEST_CASE("latency and bandwidth, each job, are paid for the pull and for the push") {
  FleetConfig fleet = constant_fleet(2);
  fleet.latency = 0.25;
  CHECK(update_times(record("sync", fleet, 1, 2)) == Times{1.5, 3});
  fleet.bandwidth = 400;  // 100 bytes take 0.25
  CHECK(update_times(record("sync", fleet, 1, 2, 100)) == Times{2, 4});
  CHECK(update_times(record("async", fleet, 1, 4, 100)) == Times{2, 2, 4, 4});
}

TEST_CASE("the server's shared link, pushes at one instant, serves them one after the other") {
  FleetConfig fleet = constant_fleet(3);
  fleet.server_bandwidth = 100;
  CHECK(update_times(record("sync", fleet, 1, 2, 100)) == Times{4, 8});
  const auto recording = record("k-async(k=3)", fleet, 1, 1, 100);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(recording.updates[0].gradients[i].worker == i);
    CHECK(recording.updates[0].gradients[i].push == 2 + double(i));
  }
  // Free in between: async with two workers, a quarter of a unit for each push.
  fleet = constant_fleet(2);
  fleet.server_bandwidth = 400;
  CHECK(update_times(record("async", fleet, 1, 5, 100)) == Times{1.25, 1.5, 2.5, 2.75, 3.75});
}

TEST_CASE("the server's shared link, saturated, sets the rate of async") {
  FleetConfig fleet = constant_fleet(8);
  fleet.server_bandwidth = 200;
  const auto recording = record("async", fleet, 1, 200, 100);
  // The first payload joins at 1; from then on the link never rests.
  CHECK(recording.elapsed == 1 + 200 * 0.5);
  CHECK(recording.busy == 8 * recording.elapsed);
}

TEST_CASE("the invariants, communication and slowness on, hold in any run") {
  CHECK(rc::check("time and account", [](std::uint64_t seed) {
    FleetConfig fleet = testing::random_fleet();
    fleet.latency = *rc::gen::inRange(0, 3) / 4.0;
    fleet.bandwidth = *rc::gen::inRange(0, 3) * 100.0;
    fleet.server_bandwidth = *rc::gen::inRange(0, 3) * 200.0;
    fleet.restart_cost = *rc::gen::inRange(0, 3) / 4.0;
    fleet.slowness = "markov(mean_normal=4, mean_slow=1, factor=3)";
    const auto variant = testing::random_variant(fleet.workers);
    const auto recording = record(variant.text(), fleet, seed, 30, 10);
    const double all = fleet.workers * recording.elapsed;
    RC_ASSERT(std::abs(recording.busy + recording.idle - all) <= 1e-11 * all);
    RC_ASSERT(recording.account.applied == 30 * variant.k);
    double last = 0;
    for (const auto& delivery : recording.deliveries) {
      RC_ASSERT(delivery.time >= last);
      RC_ASSERT(delivery.time > delivery.job.start + 2 * fleet.latency);
      last = delivery.time;
    }
  }));
}

TEST_CASE("a fleet, bad communication settings, is refused with the key") {
  const auto refused = [](const char* key, double bytes, auto&& change) {
    FleetConfig fleet;
    change(fleet);
    try {
      static_cast<void>(record("async", fleet, 1, 1, bytes));
    } catch (const ConfigError& error) {
      return std::string(error.what()).find(key) != std::string::npos;
    }
    return false;
  };
  CHECK(refused("message_bytes", 0, [](FleetConfig& fleet) { fleet.bandwidth = 1; }));
  CHECK(refused("message_bytes", 0, [](FleetConfig& fleet) { fleet.server_bandwidth = 1; }));
  CHECK(refused("fleet.latency", 1, [](FleetConfig& fleet) { fleet.latency = -1; }));
  CHECK(refused("fleet.bandwidth", 1, [](FleetConfig& fleet) { fleet.bandwidth = -1; }));
  CHECK(refused("fleet.restart_cost", 1,
                [](FleetConfig& fleet) { fleet.restart_cost = std::nan(""); }));
  CHECK(refused("fleet.server_bandwidth", 1,
                [](FleetConfig& fleet) { fleet.server_bandwidth = INFINITY; }));
}

}  // namespace
}  // namespace syncline
