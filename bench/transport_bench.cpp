// The way to a worker and back: a message of so many bytes to an echo in another thread. Round
// trips per second, and bytes per second both ways together, over each transport and over a bare
// TCP connection of this machine, which none can be much faster than. Time on the wall.

#include <arpa/inet.h>
#include <ctime>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <benchmark/benchmark.h>

#include "base/keep_freed_memory.hpp"
#include "transport/certificates.hpp"
#include "transport/grpc/grpc_transport.hpp"
#include "transport/inproc.hpp"

namespace syncline {
namespace {

using Bytes = std::vector<std::byte>;
using Kind = IncomingMessage::Kind;

std::chrono::steady_clock::time_point in_a_minute() {
  return std::chrono::steady_clock::now() + std::chrono::minutes(1);
}

/// Sends back what comes, until its connection is gone.
void echo(WorkerTransport& worker) {
  for (;;) {
    auto message = worker.receive(in_a_minute());
    if (!message || message->kind == Kind::left) return;
    if (message->kind != Kind::message || message->bytes.empty()) continue;
    auto bytes = std::make_shared<const Bytes>(std::move(message->bytes));
    worker.send({{}, bytes, *bytes});
  }
}

IncomingMessage next(ServerTransport& server, Kind kind) {
  for (;;) {
    auto message = server.receive(in_a_minute());
    if (message && message->kind == kind) return std::move(*message);
  }
}

void report(benchmark::State& state, std::size_t size, std::clock_t before) {
  const auto trips = static_cast<double>(state.iterations());
  const double gigabytes = 2e-9 * static_cast<double>(size) * trips;
  const double processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  state.counters["trips/s"] = benchmark::Counter(trips, benchmark::Counter::kIsRate);
  state.counters["GB/s"] = benchmark::Counter(gigabytes, benchmark::Counter::kIsRate);
  state.counters["cpu us/trip"] = 1e6 * processor / trips;
  state.counters["cpu s/GB"] = processor / gigabytes;
}

void round_trips(benchmark::State& state, ServerTransport& server, WorkerTransport& worker) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const auto bytes = std::make_shared<const Bytes>(size);
  const Peer peer = next(server, Kind::joined).peer;
  std::thread worker_thread([&] {
    try {
      echo(worker);
    } catch (const std::exception&) {  // inproc says so that it is over
    }
  });
  const std::clock_t before = std::clock();
  for (auto _ : state) {
    server.send(peer, {{}, bytes, *bytes});
    if (next(server, Kind::message).bytes.size() != size) state.SkipWithError("a wrong echo");
  }
  report(state, size, before);
  server.close(peer);
  worker_thread.join();
}

void over_inproc(benchmark::State& state) {
  InprocNetwork network;
  const auto server = network.server();
  const auto worker = network.connect("echo");
  round_trips(state, *server, *worker);
}

void over_grpc(benchmark::State& state) {
  keep_freed_memory();  // as `serve` and `work` do
  const GrpcServerEnd server = grpc_listen("127.0.0.1:0", {});
  const auto worker = grpc_connect(server.address, {});
  round_trips(state, *server.transport, *worker);
}

void over_grpc_with_tls(benchmark::State& state) {
  keep_freed_memory();
  std::string folder = "/tmp/syncline-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("no folder");
  make_certificates(folder, {}, 1);
  GrpcSettings at_server, at_worker;
  at_server.tls = server_files(folder);
  at_worker.tls = worker_files(folder);
  const GrpcServerEnd server = grpc_listen("127.0.0.1:0", at_server);
  const auto worker = grpc_connect(server.address, at_worker);
  std::filesystem::remove_all(folder);
  round_trips(state, *server.transport, *worker);
}

bool move_all(int socket, Bytes& bytes, bool out) {
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count = out ? send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL)
                           : recv(socket, bytes.data() + done, bytes.size() - done, 0);
    if (count <= 0) return false;
    done += static_cast<std::size_t>(count);
  }
  return true;
}

void over_bare_tcp(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const int near = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, any, length) != 0 || listen(listener, 1) != 0 ||
      getsockname(listener, any, &length) != 0 || connect(near, any, length) != 0) {
    return state.SkipWithError("no connection");
  }
  const int far = accept(listener, nullptr, nullptr);
  const int yes = 1;
  for (const int end : {near, far}) setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  std::thread worker_thread([&] {
    Bytes bytes(size);
    while (move_all(far, bytes, false) && move_all(far, bytes, true)) {
    }
  });
  Bytes bytes(size);
  const std::clock_t before = std::clock();
  for (auto _ : state) {
    if (!move_all(near, bytes, true) || !move_all(near, bytes, false)) {
      state.SkipWithError("a broken echo");
    }
  }
  report(state, size, before);
  shutdown(near, SHUT_RDWR);
  worker_thread.join();
  for (const int end : {near, far, listener}) close(end);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->Arg(64)->Arg(1 << 20)->Arg(4 << 20)->Arg(64 << 20)->UseRealTime();
}

BENCHMARK(over_bare_tcp)->Apply(sizes);
BENCHMARK(over_inproc)->Apply(sizes);
BENCHMARK(over_grpc)->Apply(sizes);
BENCHMARK(over_grpc_with_tls)->Apply(sizes);

}  // namespace
}  // namespace syncline
