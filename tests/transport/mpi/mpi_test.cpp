// The fleet 'mpi' as it is used: jobs that mpirun starts on this machine. What must happen is
// waited for, however long it takes; the deadlines are only there for a test that has failed.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "cli/program.hpp"

namespace syncline {
namespace {

constexpr std::chrono::seconds longest_wait{60};

std::vector<std::string> mpirun(int ranks, const std::vector<std::string>& more = {}) {
  // A job that hangs is a test that fails.
  std::vector<std::string> words = {"/usr/bin/timeout",
                                    "--kill-after=5",
                                    "100",
                                    SYNCLINE_MPIRUN,
                                    "--allow-run-as-root",
                                    "--oversubscribe",
                                    "--bind-to",
                                    "none",
                                    "-n",
                                    std::to_string(ranks)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// `train` with three workers, with its log and its model in run.jsonl and model. Each shard has
/// something to hold.
std::vector<std::string> training(const std::string& policy, const std::string& updates,
                                  const std::vector<std::string>& mpirun_options = {},
                                  int shards = 0) {
  const std::string dimension = shards == 0 ? "20" : "10000";
  auto words = joined(mpirun(4 + shards, mpirun_options),
                      {SYNCLINE_PROGRAM,
                       "train",
                       "--fleet",
                       "mpi",
                       "--model",
                       "quadratic(dimension=" + dimension + ", noise=0.1)",
                       "--policy",
                       policy,
                       "--step-size",
                       "0.01",
                       "--inject-delay",
                       "exponential(rate=500)",
                       "--updates",
                       updates,
                       "--evaluate-every",
                       "0.1",
                       "--log",
                       "run.jsonl",
                       "--save-model",
                       "model"});
  if (shards > 0) words = joined(words, {"--shards", std::to_string(shards)});
  return words;
}

/// The run's log gives the run's model.
void check_replay(const std::filesystem::path& folder) {
  const Ended replay = syncline_run({"replay", "run.jsonl", "--save-model", "again"}, folder);
  CAPTURE(replay.err);
  CHECK(replay.exit == 0);
  CHECK_FALSE(read_text(folder / "model").empty());
  CHECK(read_text(folder / "model") == read_text(folder / "again"));
}

struct Process {
  pid_t pid = 0, parent = 0;
};

pid_t parent_of(pid_t pid) {
  std::istringstream stat(read_text("/proc/" + std::to_string(pid) + "/stat"));
  // "pid (name) state parent"; our names have no blanks.
  std::string number, program, state;
  pid_t parent = 0;
  stat >> number >> program >> state >> parent;
  return parent;
}

/// The process of one rank of this job, and its mpirun.
Process process_of(pid_t job, int rank) {
  const std::string variable = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const pid_t mpirun = parent_of(std::stoi(name));
    if (mpirun == 0 || parent_of(mpirun) != job) continue;
    std::istringstream environment(read_text(entry.path() / "environ"));
    for (std::string line; std::getline(environment, line, '\0');) {
      if (line == variable) return {std::stoi(name), mpirun};
    }
  }
  throw std::runtime_error("no process of rank " + std::to_string(rank));
}

/// A running job whose output is watched.
class Watched {
 public:
  Watched(pid_t job, std::filesystem::path output) : job_(job), output_(std::move(output)) {}

  /// Until the output has this text so often.
  void wait_for(const std::string& text, int count = 1) const {
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    for (;;) {
      const std::string output = read_text(output_);
      int found = 0;
      for (auto at = output.find(text); at != std::string::npos; at = output.find(text, at + 1)) {
        ++found;
      }
      if (found >= count) return;
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error("the job never said '" + text + "', but:\n" + output);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  /// Until it has been evaluated twice more: then it has got on.
  void wait_for_progress() const {
    const auto lines = [&] {
      const std::string output = read_text(output_);
      return std::count(output.begin(), output.end(), '\n');
    };
    const auto before = lines();
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    while (lines() < before + 2) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no progress");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void signal(int rank, int number) const { kill(process_of(job_, rank).pid, number); }
  /// To mpirun: which passes it on, or ends the job.
  void signal_all(int number) const { kill(process_of(job_, 0).parent, number); }

 private:
  pid_t job_;
  std::filesystem::path output_;
};

/// Runs a job whose fate the test decides.
Ended run_watched(const std::vector<std::string>& words, const std::filesystem::path& folder,
                  const std::function<void(const Watched&)>& meanwhile) {
  const auto output = folder / "output";
  Start start;
  start.words = words;
  start.folder = folder;
  start.standard_output = open(output.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  start.meanwhile = [&](pid_t job) {
    try {
      meanwhile(Watched(job, output));
    } catch (const std::exception& error) {
      FAIL_CHECK(std::string(error.what()));
      kill(job, SIGTERM);
    }
  };
  Ended ended = run(start);
  close(start.standard_output);
  ended.out = read_text(output);
  return ended;
}

constexpr const char* endless = "1000000000";

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

void check_run(const std::string& policy, int shards) {
  CAPTURE(policy);
  const TemporaryFolder folder;
  Start start;
  start.words = training(policy, "60", {}, shards);
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
