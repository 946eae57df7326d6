// `auto` over all families in real runs: that it says why, and that it depends on nothing but its
// configuration.

#include <doctest/doctest.h>

#include "fleet/training_support.hpp"
#include "support/temporary_folder.hpp"

namespace syncline {
namespace {

using testing::run;
using testing::same_bits;
using testing::short_run;
using testing::TemporaryFolder;
using testing::tiny_workload;

TEST_CASE("auto, 1 and 3 threads, or stopped and resumed anywhere, notes and trains the same") {
  const auto workload = tiny_workload<double>("softmax(lambda=0.01)");
  RunConfig config = short_run("auto");
  config.stop.updates = 200;
  const auto whole = run<double>(config, workload);
  REQUIRE(whole.result.notes.size() >= 2);
  CHECK(whole.result.notes.front().second.find("predicted times") != std::string::npos);
  config.threads = 3;
  const auto threads = run<double>(config, workload);
  CHECK(same_bits(whole.state, threads.state));
  CHECK(whole.result.notes == threads.result.notes);
  for (const std::uint64_t stop_at : {1ULL, 9ULL, 50ULL, 101ULL}) {
    CAPTURE(stop_at);
    const TemporaryFolder folder;
    RunConfig part = config;
    part.checkpoint = (folder / "checkpoint").string();
    part.stop.updates = stop_at;
    run<double>(part, workload);
    part.resume = part.checkpoint;
    part.stop.updates = config.stop.updates;
    CHECK(same_bits(whole.state, run<double>(part, workload).state));
  }
}

TEST_CASE("auto, a model with unlike data, chooses among what lets all workers count alike") {
  RunConfig config = short_run("auto");
  config.fleet.delay = "3*exponential(rate=1),3*exponential(rate=0.2)";
  config.stop.updates = 100;
  config.model.workload = "quadratic(dimension=20, unlike=1, workers=6)";
  const auto finished = run<double>(config, tiny_workload<double>(config.model.workload));
  REQUIRE_FALSE(finished.result.notes.empty());
  CHECK(finished.result.notes.front().second.find("malenia") != std::string::npos);
  CHECK(finished.result.notes.front().second.find("async") == std::string::npos);
}

}  // namespace
}  // namespace syncline
