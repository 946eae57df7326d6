// A push, a fold, a step and a pull over gRPC on this machine, server and worker in a process each,
// through all that `serve` and `work` do but the gradient, against a bare echo of the same bytes
// plus one fold and step. In turns within one run: the ratio is what counts, not the times.
//   cluster_bench [ratio|rate]      both, where nothing is said
//   cluster_bench server FLOATS UPDATES   one run, for a profiler

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "bare_echo.hpp"
#include "base/keep_freed_memory.hpp"
#include "cycles.hpp"
#include "syncline/error.hpp"
#include "transport/certificates.hpp"
#include "transport/grpc/grpc_transport.hpp"

extern char** environ;  // NOLINT: of POSIX

namespace syncline {
namespace {

constexpr int turns = 5;

/// This program again, with other arguments.
class Other {
 public:
  explicit Other(std::vector<std::string> words, bool piped = false) {
    int ends[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    if (piped && pipe(ends) == 0) posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    words.insert(words.begin(), "cluster_bench");
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    if (posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, pointers.data(), environ) !=
        0) {
      std::abort();
    }
    posix_spawn_file_actions_destroy(&actions);
    if (piped) {
      close(ends[1]);
      said_ = ends[0];
    }
  }
  ~Other() {
    waitpid(process_, nullptr, 0);
    if (said_ >= 0) close(said_);
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  [[nodiscard]] double number() const {
    char text[64] = {};
    if (read(said_, text, sizeof text - 1) <= 0) std::abort();
    return std::atof(text);
  }

 private:
  pid_t process_ = 0;
  int said_ = -1;
};

GrpcSettings settings_at_server(const std::string& tls) {
  GrpcSettings settings;
  if (!tls.empty()) settings.tls = server_files(tls);
  return settings;
}

std::vector<double> cycles(const CycleRun& run, const std::string& tls = "") {
  GrpcServerEnd end = grpc_listen("127.0.0.1:0", settings_at_server(tls));
  std::vector<std::unique_ptr<Other>> workers;
  for (std::uint32_t i = 0; i < run.workers; ++i) {
    workers.push_back(
        std::make_unique<Other>(std::vector<std::string>{"worker", end.address, tls}));
  }
  return serve_cycles(std::move(end.transport), run);
}

double echo(std::size_t floats, int repetitions) {
  BareEcho server;
  const Other caller({"caller", server.address(), std::to_string(floats * sizeof(float)),
                      std::to_string(repetitions)},
                     true);
  return caller.number();
}

void ratios(std::size_t floats, int repetitions, const std::string& tls) {
  std::vector<double> echoes, steps, plain, secret, over_echo, over_plain;
  CycleRun run;
  run.floats = floats;
  run.updates = static_cast<std::uint64_t>(repetitions);
  for (int turn = 0; turn < turns; ++turn) {
    echoes.push_back(echo(floats, repetitions));
    steps.push_back(fold_and_step(floats, repetitions, run.optimizer));
    plain.push_back(median_cycle(cycles(run)));
    secret.push_back(median_cycle(cycles(run, tls)));
    over_echo.push_back(plain.back() / (echoes.back() + steps.back()));
    over_plain.push_back(secret.back() / plain.back());
  }
  const auto us = [](const std::vector<double>& values) { return 1e6 * median(values); };
  std::printf(
      "%9zu floats: echo %9.1f us, fold and step %8.1f us, push + fold + step + pull %9.1f us: "
      "%.2f of the two; with mutual TLS %9.1f us, %.2f times as long\n",
      floats, us(echoes), us(steps), us(plain), median(over_echo), us(secret), median(over_plain));
  std::fflush(stdout);
}

/// Updates per second, with the event log on.
void rate(std::size_t floats, std::uint64_t updates, std::uint32_t workers) {
  const std::string log = std::filesystem::temp_directory_path() /
                          ("cluster_bench." + std::to_string(getpid()) + ".jsonl");
  CycleRun run;
  run.floats = floats;
  run.updates = updates;
  run.workers = workers;
  run.log = log;
  std::vector<double> rates;
  for (int turn = 0; turn < turns; ++turn) {
    const std::vector<double> times = cycles(run);
    rates.push_back(static_cast<double>(times.size() - 1) / (times.back() - times.front()));
    std::filesystem::remove(log);
  }
  std::printf("%9zu floats, %u workers, account and log on: %.0f pushes and pulls a second\n",
              floats, workers, median(rates));
  std::fflush(stdout);
}

int run(const std::vector<std::string>& words) {
  keep_freed_memory();  // as `serve` and `work` do
  const std::string what = words.empty() ? "" : words[0];
  if (what == "worker") {
    GrpcSettings settings;
    if (!words.at(2).empty()) settings.tls = worker_files(words.at(2));
    answer_cycles(*grpc_connect(words.at(1), settings));
    return 0;
  }
  if (what == "caller") {
    std::printf("%.9f\n",
                bare_round_trip(words.at(1), std::stoul(words.at(2)), std::stoi(words.at(3))));
    return 0;
  }
  if (what == "echo") {
    std::printf("%.1f us\n", 1e6 * echo(std::stoul(words.at(1)), std::stoi(words.at(2))));
    return 0;
  }
  if (what == "server") {
    CycleRun run;
    run.floats = std::stoul(words.at(1));
    run.updates = std::stoul(words.at(2));
    std::printf("%.1f us\n", 1e6 * median_cycle(cycles(run)));
    return 0;
  }
  std::string tls = "/tmp/syncline-bench-XXXXXX";
  if (mkdtemp(tls.data()) == nullptr) return 1;
  make_certificates(tls, {}, 1);
  if (what != "rate") {
    ratios(62'006, 2000, tls);
    ratios(11'700'000, 8, tls);
  }
  if (what != "ratio") {
    for (const std::uint32_t workers : {1, 2, 4}) rate(62'006, 4000, workers);
  }
  std::filesystem::remove_all(tls);
  return 0;
}

}  // namespace
}  // namespace syncline

int main(int count, char** words) {
  try {
    return syncline::run({words + 1, words + count});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cluster_bench: %s\n", error.what());
    return 1;
  }
}
