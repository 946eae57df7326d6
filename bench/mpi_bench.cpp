// What `--fleet mpi` adds to MPI, in turns within one run:
//   mpi_bench
// It starts itself under mpirun, two ranks at a time, as
//   mpi_bench bare FLOATS REPETITIONS        blocking MPI, a ping-pong with buffers of its own
//   mpi_bench loop FLOATS REPETITIONS        the same, with a fold and a step before each answer
//   mpi_bench transport FLOATS REPETITIONS   the same bytes over the transport
//   mpi_bench cycle FLOATS REPETITIONS       push, fold, step and pull, by server and worker
//   mpi_bench rate FLOATS REPETITIONS        the same with the event log on; the mean

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mpi.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "base/keep_freed_memory.hpp"
#include "cycles.hpp"
#include "transport/mpi/mpi_job.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes of a job's description or a result's, beside the numbers.
constexpr std::size_t head_bytes = 60;

/// What the parent reads.
void print(std::vector<double> seconds) { std::printf("%.9f\n", median(std::move(seconds))); }

/// What rank 0 sends has been the same all along, or, with a server, new each time: then every line
/// of it has to come from the other core's cache, and back into its own for the next step.
void bare(std::size_t floats, int repetitions, BareServer* server = nullptr) {
  MPI_Init(nullptr, nullptr);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::vector<float> numbers(floats, 1e-3F), others(floats);
  const int count = static_cast<int>(floats);
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = Clock::now();
    if (rank == 1) {
      MPI_Send(numbers.data(), count, MPI_FLOAT, 0, 0, MPI_COMM_WORLD);
      MPI_Recv(others.data(), count, MPI_FLOAT, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
      MPI_Recv(others.data(), count, MPI_FLOAT, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      if (server != nullptr) server->fold_and_step(others);
      const float* answer = server != nullptr ? server->model().data() : numbers.data();
      MPI_Send(answer, count, MPI_FLOAT, 1, 0, MPI_COMM_WORLD);
    }
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  if (rank == 1) print(std::move(seconds));
  MPI_Finalize();
}

OutgoingMessage message_of(const std::shared_ptr<const std::vector<float>>& numbers) {
  return {std::vector<std::byte>(head_bytes), numbers,
          std::as_bytes(std::span<const float>(*numbers))};
}

/// The next message, its numbers landed in the memory that they are wanted in.
template <class End>
Peer receive(End& end, const std::shared_ptr<std::vector<float>>& place) {
  for (;;) {
    const auto incoming = end.receive(Clock::now() + std::chrono::seconds(60));
    if (!incoming) std::abort();
    if (incoming->kind != IncomingMessage::Kind::message) continue;
    // The first may come before the server has heard of the connection.
    if (incoming->landing.bytes.empty()) {
      std::memcpy(place->data(), incoming->bytes.data() + head_bytes,
                  place->size() * sizeof(float));
    }
    return incoming->peer;
  }
}

template <class End>
void land_at(End& end, const std::shared_ptr<std::vector<float>>& place) {
  end.land_at([place](Peer, std::size_t) {
    return Landing{place, std::as_writable_bytes(std::span(*place))};
  });
}

void transport(std::size_t floats, int repetitions) {
  const auto numbers = std::make_shared<const std::vector<float>>(floats);
  const auto place = std::make_shared<std::vector<float>>(floats);
  MpiJob job;
  if (job.rank() == 0) {
    const auto server = job.server();
    land_at(*server, place);
    for (int i = 0; i < repetitions; ++i)
      server->send(receive(*server, place), message_of(numbers));
  } else {
    const auto worker = job.worker();
    land_at(*worker, place);
    while (worker->receive(Clock::now())->kind != IncomingMessage::Kind::joined) {
    }
    std::vector<double> seconds;
    for (int i = 0; i < repetitions; ++i) {
      const auto begin = Clock::now();
      worker->send(message_of(numbers));
      static_cast<void>(receive(*worker, place));
      seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    print(std::move(seconds));
  }
  job.end(0);
}

void cycle(std::size_t floats, int repetitions, bool with_log) {
  keep_freed_memory();
  MpiJob job;
  if (job.rank() == 0) {
    CycleRun run;
    run.floats = floats;
    run.updates = static_cast<std::uint64_t>(repetitions);
    if (!with_log) {
      std::printf("%.9f\n", median_cycle(serve_cycles(job.server(), run)));
    } else {
      run.log = std::filesystem::temp_directory_path() /
                ("mpi_bench." + std::to_string(getpid()) + ".jsonl");
      const std::vector<double> times = serve_cycles(job.server(), run);
      std::printf("%.9f\n", (times.back() - times.front()) / static_cast<double>(times.size() - 1));
      std::filesystem::remove(run.log);
    }
  } else {
    answer_cycles(*job.worker());
  }
  job.end(0);
}

double under_mpirun(const std::string& what, std::size_t floats, int repetitions) {
  char self[4096] = {};
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) std::abort();
  const std::string command =
      "mpirun -n 2 --bind-to none " + std::string(geteuid() == 0 ? "--allow-run-as-root " : "") +
      self + " " + what + " " + std::to_string(floats) + " " + std::to_string(repetitions);
  std::FILE* said = popen(command.c_str(), "r");
  double seconds = 0;
  if (said == nullptr || std::fscanf(said, "%lf", &seconds) != 1) {
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::exit(1);
  }
  pclose(said);
  return seconds;
}

void ratios(std::size_t floats, int repetitions) {
  constexpr int turns = 5;
  std::vector<double> bares, transports, steps, loops, cycles, of_transport, of_sum, of_loop;
  for (int turn = 0; turn < turns; ++turn) {
    bares.push_back(under_mpirun("bare", floats, repetitions));
    transports.push_back(under_mpirun("transport", floats, repetitions));
    cycles.push_back(under_mpirun("cycle", floats, repetitions));
    loops.push_back(under_mpirun("loop", floats, repetitions));
    steps.push_back(fold_and_step(floats, repetitions, "sgd"));
    of_transport.push_back(bares.back() / transports.back());
    of_sum.push_back((bares.back() + steps.back()) / cycles.back());
    of_loop.push_back(loops.back() / cycles.back());
  }
  const auto us = [](const std::vector<double>& values) { return 1e6 * median(values); };
  std::printf(
      "%9zu floats: ping-pong %8.1f us, transport %8.1f us: %.2f of its speed; push + fold + step "
      "+ "
      "pull %8.1f us: %.2f of the speed of blocking MPI around the same fold and step, %8.1f us, "
      "and "
      "%.2f of that of the ping-pong and %8.1f us for fold and step alone\n",
      floats, us(bares), us(transports), median(of_transport), us(cycles), median(of_loop),
      us(loops), median(of_sum), us(steps));
  std::fflush(stdout);
}

void rates(std::size_t floats, int repetitions) {
  std::vector<double> rates;
  for (int turn = 0; turn < 5; ++turn) {
    rates.push_back(1 / under_mpirun("rate", floats, repetitions));
  }
  std::printf("%9zu floats, 1 worker, account and log on: %.0f pushes and pulls a second\n", floats,
              median(rates));
}

}  // namespace
}  // namespace syncline

int main(int count, char** words) {
  if (count == 1) {
    syncline::ratios(62'006, 4000);
    syncline::ratios(11'700'000, 20);
    syncline::rates(62'006, 8000);
    return 0;
  }
  if (count != 4) return 2;
  const std::string what = words[1];
  const std::size_t floats = std::stoul(words[2]);
  const int repetitions = std::stoi(words[3]);
  if (what == "bare") {
    syncline::bare(floats, repetitions);
  } else if (what == "loop") {
    syncline::BareServer server(floats, "sgd");
    syncline::bare(floats, repetitions, &server);
  } else if (what == "transport") {
    syncline::transport(floats, repetitions);
  } else {
    syncline::cycle(floats, repetitions, what == "rate");
  }
}
