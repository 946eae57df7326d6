#include "transport/mpi/mpi_job.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

namespace syncline::testing::mpi {
namespace {

constexpr std::chrono::seconds longest_wait{60};
constexpr std::chrono::milliseconds between_looks{10};

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

}  // namespace

std::vector<std::string> mpirun(int ranks, const std::vector<std::string>& more) {
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

std::vector<std::string> training(const std::string& policy, const std::string& updates,
                                  const std::vector<std::string>& mpirun_options, int shards) {
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

void check_replay(const std::filesystem::path& folder) {
  const Ended replay = syncline_run({"replay", "run.jsonl", "--save-model", "again"}, folder);
  CAPTURE(replay.err);
  CHECK(replay.exit == 0);
  CHECK_FALSE(read_text(folder / "model").empty());
  CHECK(read_text(folder / "model") == read_text(folder / "again"));
}

void Watched::wait_for(const std::string& text, int count) const {
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
    std::this_thread::sleep_for(between_looks);
  }
}

void Watched::wait_for_progress() const {
  const auto lines = [&] {
    const std::string output = read_text(output_);
    return std::count(output.begin(), output.end(), '\n');
  };
  const auto before = lines();
  const auto deadline = std::chrono::steady_clock::now() + longest_wait;
  while (lines() < before + 2) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no progress");
    std::this_thread::sleep_for(between_looks);
  }
}

void Watched::signal(int rank, int number) const { kill(process(rank), number); }

void Watched::signal_all(int number) const { kill(launcher(), number); }

pid_t Watched::process(int rank) const { return process_of(job_, rank).pid; }

pid_t Watched::launcher() const { return process_of(job_, 0).parent; }

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

}  // namespace syncline::testing::mpi
