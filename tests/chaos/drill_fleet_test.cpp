// The fleet of a drill, with a script that says what a server would.

#include "chaos/drill_fleet.hpp"

#include <fstream>
#include <thread>

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

namespace syncline {
namespace {

using testing::TemporaryFolder;

TEST_CASE("a resumed server's workers are those that come after it has repeated its earlier life") {
  const TemporaryFolder folder;
  const auto program = folder / "program";
  std::ofstream(program) << R"(#!/bin/sh
printf '%s\n' 'syncline: listening at 127.0.0.1:1' 'syncline: worker 0 (127.0.0.1:2) is up' \
    'syncline: worker 1 (127.0.0.1:3) is up' 'syncline: worker 1 (127.0.0.1:3) is down: why' \
    'syncline: resumed at update 7: 5 in the checkpoint, 2 kept after it and repeated' \
    'syncline: worker 1 (127.0.0.1:4) is up' >&2
exec sleep 1000
)";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  DrillNetworkSettings two;
  two.workers = 2;
  DrillNetwork network(two);
  const DrillSecrets secrets;
  Settings job = default_settings(Command::train);
  job.race.run.fleet.workers = 2;
  DrillFleet fleet(program, folder / "run", job, network, secrets, false, 0);
  int ups = 0, downs = 0;
  std::uint64_t resumed = 0;
  fleet.on_up = [&] { ++ups; };
  fleet.on_down = [&](std::uint32_t) { ++downs; };
  fleet.on_resumed = [&](std::uint64_t update) { resumed = update; };
  fleet.start_server(true);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (ups == 0) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    fleet.poll();
  }
  CHECK(ups == 1);
  CHECK(downs == 0);
  CHECK(resumed == 7);
  CHECK(fleet.up() == 1);
  CHECK(fleet.server_listens());
}

}  // namespace
}  // namespace syncline
