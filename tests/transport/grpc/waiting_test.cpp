// What `serve`, `work`, `shard` and a run on threads cost while they wait.

#include <filesystem>
#include <unistd.h>

#include <doctest/doctest.h>

#include "cli/process.hpp"
#include "support/free_port.hpp"
#include "transport/processor_time.hpp"

namespace syncline {
namespace {

/// A run that the test ends.
const Words run = {"--json",    "--model",   "quadratic(dimension=9000)", "--step-size", "0.01",
                   "--updates", "1000000000"};

Words serving(const Words& more) {
  return joined(joined({"serve", "--listen", "127.0.0.1:0", "--workers", "2"}, run), more);
}

/// Once whatever they do at their start is over.
void check_idle(const std::vector<const Process*>& processes) {
  std::vector<pid_t> ids;
  for (const Process* process : processes) ids.push_back(process->id());
  const auto shares = testing::shares_of_core(ids);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    CAPTURE(i);
    CHECK(shares[i] < testing::largest_share);
  }
}

TEST_CASE("a server without workers and a worker without a server wait for nothing's price") {
  Process server(serving({"--policy", "sync"}));
  Process shard({"shard", "--listen", "127.0.0.1:0"});
  Process worker({"work", "--server", "127.0.0.1:" + testing::free_port()});
  server.await("listening at ");
  shard.await("listening at ");
  worker.await("no connection");
  check_idle({&server, &shard, &worker});
}

TEST_CASE("a server and its worker, too few for a step, wait for nothing's price") {
  Process server(serving({"--policy", "sync"}));
  const Process worker({"work", "--server", server.await("listening at ")});
  server.await("waits since");
  check_idle({&server, &worker});
}

TEST_CASE("server, shard and worker beside an injected delay wait for nothing's price") {
  Process shard({"shard", "--listen", "127.0.0.1:0"});
  Process server(serving({"--policy", "async", "--inject-delay", "constant(value=1e6)",
                          "--shards-at", shard.await("listening at ")}));
  const Process worker({"work", "--server", server.await("listening at ")});
  server.await(") is up");
  check_idle({&server, &shard, &worker});
}

TEST_CASE("a run on threads that all sleep waits for nothing's price") {
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  const Process threads(joined({"train", "--fleet", "threads", "--workers", "8", "--policy",
                                "async", "--inject-delay", "constant(value=1e6)", "--log", log},
                               run));
  while (!std::filesystem::exists(log)) usleep(10'000);
  check_idle({&threads});
}

}  // namespace
}  // namespace syncline
