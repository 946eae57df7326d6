// What `--fleet mpi` adds to MPI: a push and a pull of a model, between two ranks.
//   mpirun -n 2 --bind-to none mpi_bench transport FLOATS REPETITIONS
//   mpirun -n 2 --bind-to none mpi_bench bare FLOATS REPETITIONS
// The second is blocking MPI with buffers of its own, in place of all that a transport does.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mpi.h>
#include <string>
#include <vector>

#include "transport/mpi/mpi_job.hpp"

namespace syncline {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes of a job's description or a result's, beside the numbers.
constexpr std::size_t head_bytes = 60;

void print(const std::string& what, std::size_t floats, std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2];
  const double bytes = 2.0 * static_cast<double>(floats) * sizeof(float);
  std::printf("%-9s %10zu floats  median %9.1f us  best %9.1f us  %6.2f GB/s\n", what.c_str(),
              floats, 1e6 * median, 1e6 * seconds.front(), 1e-9 * bytes / median);
}

void bare(std::size_t floats, int repetitions) {
  MPI_Init(nullptr, nullptr);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::vector<float> numbers(floats), others(floats);
  const int count = static_cast<int>(floats);
  std::vector<double> seconds;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = Clock::now();
    if (rank == 1) {
      MPI_Send(numbers.data(), count, MPI_FLOAT, 0, 0, MPI_COMM_WORLD);
      MPI_Recv(others.data(), count, MPI_FLOAT, 0, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    } else {
      MPI_Recv(others.data(), count, MPI_FLOAT, 1, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      MPI_Send(numbers.data(), count, MPI_FLOAT, 1, 0, MPI_COMM_WORLD);
    }
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  if (rank == 1) print("bare", floats, seconds);
  MPI_Finalize();
}

OutgoingMessage message_of(const std::shared_ptr<const std::vector<float>>& numbers) {
  return {std::vector<std::byte>(head_bytes), numbers,
          std::as_bytes(std::span<const float>(*numbers))};
}

/// The next message, and its numbers where server and worker put them: into memory of their own.
template <class End>
Peer receive(End& end, std::vector<float>& place) {
  for (;;) {
    const auto incoming = end.receive(Clock::now() + std::chrono::seconds(60));
    if (!incoming) std::abort();
    if (incoming->kind != IncomingMessage::Kind::message) continue;
    std::memcpy(place.data(), incoming->bytes.data() + head_bytes, place.size() * sizeof(float));
    return incoming->peer;
  }
}

void transport(std::size_t floats, int repetitions) {
  const auto numbers = std::make_shared<const std::vector<float>>(floats);
  std::vector<float> place(floats);
  MpiJob job;
  if (job.rank() == 0) {
    const auto server = job.server();
    for (int i = 0; i < repetitions; ++i)
      server->send(receive(*server, place), message_of(numbers));
  } else {
    const auto worker = job.worker();
    while (worker->receive(Clock::now())->kind != IncomingMessage::Kind::joined) {
    }
    std::vector<double> seconds;
    for (int i = 0; i < repetitions; ++i) {
      const auto begin = Clock::now();
      worker->send(message_of(numbers));
      static_cast<void>(receive(*worker, place));
      seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    print("transport", floats, seconds);
  }
  job.end(0);
}

}  // namespace
}  // namespace syncline

int main(int count, char** words) {
  if (count != 4) return 2;
  const std::size_t floats = std::stoul(words[2]);
  const int repetitions = std::stoi(words[3]);
  if (std::string(words[1]) == "bare") {
    syncline::bare(floats, repetitions);
  } else {
    syncline::transport(floats, repetitions);
  }
}
