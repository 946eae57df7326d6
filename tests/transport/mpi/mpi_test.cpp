// The fleet 'mpi' as it is used: jobs that mpirun starts on this machine. What must happen is
// waited for, however long it takes; the deadlines are only there for a test that has failed.

#include <csignal>

#include <doctest/doctest.h>

#include "transport/mpi/mpi_job.hpp"

namespace syncline {
namespace {

using namespace testing::mpi;

TEST_CASE("the transport over MPI keeps what transport.hpp promises") {
  for (const char* what : {"echo", "twice"}) {
    CAPTURE(what);
    Start start;
    start.words = joined(mpirun(4), {SYNCLINE_MPI_RANKS, what});
    const Ended ended = run(start);
    CAPTURE(ended.err);
    CHECK(ended.exit == 0);
  }
}

void check_run(const std::string& policy, int shards, const std::vector<std::string>& more = {}) {
  CAPTURE(policy);
  const TemporaryFolder folder;
  Start start;
  start.words = joined(training(policy, "60", {}, shards), more);
  start.folder = folder.path();
  const Ended ended = run(start);
  CAPTURE(ended.err);
  CHECK(ended.exit == 0);
  // Workers and shards say nothing.
  CHECK(ended.err.empty());
  check_replay(folder.path());
}

TEST_CASE("a run under mpirun, replayed from its log, gives the same model") {
  for (const char* policy : {"k-sync(k=2)", "k-async(k=2)", "fedavg(steps=3)", "stsyn(k=2)"}) {
    check_run(policy, 0);
  }
  check_run("k-sync(k=3)", 0,
            {"--aggregator", "trimmed-mean(b=1)", "--codec", "qsgd(bits=8)", "--pull-codec", "bf16",
             "--worker-momentum", "0.5", "--attack", "sign-flip"});
}

TEST_CASE("a worker that is killed, where mpirun lets the others live, the run goes on and ends") {
  const TemporaryFolder folder;
  const Ended ended = run_watched(training("k-async(k=2)", endless, {"--enable-recovery"}),
                                  folder.path(), [](const Watched& job) {
                                    job.wait_for("is up", 3);
                                    job.signal(2, SIGKILL);
                                    job.wait_for("(rank 2) is down");
                                    job.wait_for_progress();
                                    job.signal(0, SIGTERM);
                                  });
  CAPTURE(ended.err);
  CHECK(ended.signal == 0);
  CHECK(ended.out.find("k-async(k=2) made") != std::string::npos);
  check_replay(folder.path());
}

TEST_CASE("a worker that is stopped is down, comes back when it goes on, and the log replays") {
  const TemporaryFolder folder;
  const Ended ended =
      run_watched(training("k-async(k=2)", endless), folder.path(), [](const Watched& job) {
        job.wait_for("is up", 3);
        job.signal(2, SIGSTOP);
        job.wait_for("(rank 2) is down");
        job.wait_for_progress();
        job.signal(2, SIGCONT);
        job.wait_for("(rank 2) is up", 2);
        job.wait_for_progress();
        job.signal(0, SIGTERM);
      });
  CAPTURE(ended.err);
  CHECK(ended.exit == 130);
  check_replay(folder.path());
}

TEST_CASE("parameters in two shards: the log of the run gives the same model without them") {
  for (const char* policy : {"k-sync(k=2)", "k-batch-async(k=2)", "adasync(k0=1)"}) {
    check_run(policy, 2);
  }
}

TEST_CASE("beside shards a worker is stopped, comes back when it goes on, and one is killed") {
  const TemporaryFolder folder;
  const Ended ended = run_watched(training("k-async(k=2)", endless, {"--enable-recovery"}, 2),
                                  folder.path(), [](const Watched& job) {
                                    job.wait_for("is up", 3);
                                    job.signal(4, SIGSTOP);
                                    job.wait_for("(rank 4) is down");
                                    job.wait_for_progress();
                                    job.signal(4, SIGCONT);
                                    job.wait_for("(rank 4) is up", 2);
                                    job.signal(3, SIGKILL);
                                    job.wait_for("(rank 3) is down");
                                    job.wait_for_progress();
                                    job.signal(0, SIGTERM);
                                  });
  CAPTURE(ended.err);
  CHECK(ended.signal == 0);
  CHECK(ended.out.find("k-async(k=2) made") != std::string::npos);
  check_replay(folder.path());
}

TEST_CASE("a shard that is killed ends the run with a message that names it") {
  const TemporaryFolder folder;
  const Ended ended = run_watched(training("k-async(k=2)", endless, {"--enable-recovery"}, 2),
                                  folder.path(), [](const Watched& job) {
                                    job.wait_for("is up", 3);
                                    job.signal(2, SIGKILL);
                                  });
  CAPTURE(ended.err);
  CHECK(ended.signal == 0);
  CHECK(ended.err.find("shard 1 at rank 2") != std::string::npos);
  CHECK(ended.err.find("resume the run from its last checkpoint") != std::string::npos);
}

TEST_CASE("a job in which a rank never comes to MPI ends by itself, and says what it waited for") {
  Start start;
  start.words = joined(mpirun(1, {"-x", "SYNCLINE_MPI_START_SECONDS=2"}),
                       {SYNCLINE_PROGRAM, "train", "--fleet", "mpi", "--updates", "1", ":", "-n",
                        "1", "/bin/sleep", "90"});
  const Ended ended = run(start);
  CAPTURE(ended.err);
  CHECK(ended.exit == 3);
  CHECK(ended.err.find("MPI has not started within 2 s") != std::string::npos);
}

TEST_CASE("a run that is over while a worker is stopped ends all the same") {
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{}, std::vector<std::string>{"--enable-recovery"}}) {
    const TemporaryFolder folder;
    const Ended ended = run_watched(training("k-async(k=2)", endless, options), folder.path(),
                                    [](const Watched& job) {
                                      job.wait_for("is up", 3);
                                      job.signal(3, SIGSTOP);
                                      job.wait_for("(rank 3) is down");
                                      job.signal(0, SIGTERM);
                                    });
    CAPTURE(ended.err);
    // With --enable-recovery mpirun does not pass on how rank 0 ended.
    CHECK(ended.exit == (options.empty() ? 130 : 0));
    check_replay(folder.path());
  }
}

TEST_CASE("mpirun that gets SIGUSR1 or Ctrl-C ends all ranks, the log whole and the model saved") {
  for (const int number : {SIGUSR1, SIGINT}) {
    CAPTURE(number);
    const TemporaryFolder folder;
    const Ended ended =
        run_watched(training("k-async(k=2)", endless, {"--mca", "odls_base_sigkill_timeout", "8"}),
                    folder.path(), [&](const Watched& job) {
                      job.wait_for("is up", 3);
                      job.wait_for_progress();
                      job.signal_all(number);
                    });
    CAPTURE(ended.err);
    CHECK((number == SIGINT || ended.exit == 130));
    CHECK(ended.out.find("k-async(k=2) made") != std::string::npos);
    check_replay(folder.path());
  }
}

TEST_CASE(
    "train --fleet mpi alone, or with another number of workers, is refused with the reason") {
  const Ended alone = syncline_run({"train", "--fleet", "mpi", "--updates", "1"});
  CHECK(alone.exit == 2);
  CHECK(alone.err.find("mpirun -n 5 --bind-to none syncline train --fleet mpi --updates 1") !=
        std::string::npos);
  Start start;
  start.words = joined(training("async", "1"), {"--workers", "7"});
  const Ended other = run(start);
  CHECK(other.exit == 2);
  CHECK(other.err.find("fleet.workers is 7") != std::string::npos);
  CHECK(other.err.find("4 ranks") != std::string::npos);
  CHECK(other.err.find("3 are workers") != std::string::npos);

  start.words = joined(training("async", "1"), {"--shards", "3"});
  const Ended nobody = run(start);
  CHECK(nobody.exit == 2);
  CHECK(nobody.err.find("none is left to be a worker: start at least 5") != std::string::npos);
  const Ended elsewhere = syncline_run({"train", "--shards", "2", "--updates", "1"});
  CHECK(elsewhere.exit == 2);
  CHECK(elsewhere.err.find("--shards-at") != std::string::npos);
}

}  // namespace
}  // namespace syncline
