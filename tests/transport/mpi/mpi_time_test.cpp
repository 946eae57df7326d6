// Times under MPI: how soon a death is known, what waiting costs, and that computing for long is no
// death.

#include <csignal>

#include <doctest/doctest.h>

#include "transport/long_gradient.hpp"
#include "transport/mpi/mpi_job.hpp"
#include "transport/notice.hpp"
#include "transport/processor_time.hpp"

namespace syncline {
namespace {

using namespace testing::mpi;

void check_notice(int number, double longest) {
  const TemporaryFolder folder;
  const Ended ended = run_watched(training("async", endless, {"--enable-recovery"}), folder.path(),
                                  [&](const Watched& job) {
                                    job.wait_for("is up", 3);
                                    job.wait_for_progress();
                                    job.signal(2, number);
                                    job.wait_for("(rank 2) is down");
                                    job.wait_for_progress();
                                    job.signal(0, SIGTERM);
                                  });
  CAPTURE(ended.err);
  CHECK(ended.signal == 0);
  const auto notices = testing::notices_of(folder.path() / "run.jsonl");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0] < longest);
  CHECK(testing::goes_on_after_death(folder.path() / "run.jsonl"));
  check_replay(folder.path());
}

TEST_CASE("a rank that is killed is down within a second, and the run goes on") {
  check_notice(SIGKILL, testing::longest_notice_of_death);
}

TEST_CASE("a rank that is stopped is down after three heartbeats, and the run goes on") {
  check_notice(SIGSTOP, testing::longest_notice_of_stop);
}

/// A job of a server and workers that wait; `ready` says when they do.
void check_waiting(int ranks, const std::vector<std::string>& words,
                   const std::function<std::vector<pid_t>(const Watched&)>& ready) {
  const TemporaryFolder folder;
  const Ended ended = run_watched(
      joined(mpirun(ranks), joined({SYNCLINE_PROGRAM, "train", "--fleet", "mpi", "--model",
                                    "quadratic(dimension=20)", "--step-size", "0.01", "--updates",
                                    endless, "--evaluate-every", "1e9"},
                                   words)),
      folder.path(), [&](const Watched& job) {
        const auto shares = testing::shares_of_core(ready(job));
        for (std::size_t i = 0; i < shares.size(); ++i) {
          CAPTURE(i);
          CHECK(shares[i] < testing::largest_share);
        }
        job.signal(0, SIGKILL);  // then mpirun ends the others, and leaves nothing behind
      });
  CAPTURE(ended.err);
}

TEST_CASE("server and worker beside an injected delay wait for nothing's price") {
  check_waiting(2, {"--policy", "async", "--inject-delay", "constant(value=1e6)"},
                [](const Watched& job) -> std::vector<pid_t> {
                  job.wait_for("is up");
                  return {job.process(0), job.process(1)};
                });
}

TEST_CASE("a shard that has nothing to do, and its server, wait for nothing's price") {
  check_waiting(3, {"--policy", "async", "--inject-delay", "constant(value=1e6)", "--shards", "1"},
                [](const Watched& job) -> std::vector<pid_t> {
                  job.wait_for("is up");
                  return {job.process(0), job.process(1)};
                });
}

TEST_CASE("server and worker, too few for a step, wait for nothing's price") {
  check_waiting(3, {"--policy", "sync", "--inject-delay", "constant(value=0.001)"},
                [](const Watched& job) -> std::vector<pid_t> {
                  job.wait_for("is up", 2);
                  job.signal(1, SIGSTOP);
                  job.wait_for("waits since");
                  return {job.process(0), job.process(2)};
                });
}

TEST_CASE("a gradient that takes longer than three heartbeats is used, and nobody is down") {
  testing::check_long_gradients([](const TemporaryFolder& folder, std::size_t batch) {
    Start start;
    start.words = joined(joined(mpirun(3), {SYNCLINE_PROGRAM, "train", "--fleet", "mpi"}),
                         testing::long_gradients(folder, batch));
    const Ended ended = run(start);
    CAPTURE(ended.err);
    CHECK(ended.exit == 0);
  });
}

}  // namespace
}  // namespace syncline
