// When a server takes a worker for dead. Messages and their times are made up: nothing waits.

#include <algorithm>
#include <deque>

#include <doctest/doctest.h>

#include "fleet/cluster/remote_workers.hpp"
#include "fleet/training/load_workload.hpp"

namespace syncline {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Kind = IncomingMessage::Kind;
using Told = WorkerMessage<double>::Kind;

/// What has come while the server did something else.
class Backlog final : public ServerTransport {
 public:
  void put(Peer peer, Kind kind, Clock::time_point time) {
    put(peer, kind, time, std::vector<std::byte>());
  }
  void put(Peer peer, const WorkerSays& says, Clock::time_point time) {
    put(peer, Kind::message, time, encode(says));
  }
  void put(Peer peer, Kind kind, Clock::time_point time, std::vector<std::byte> bytes) {
    put({kind, peer, time, std::move(bytes)});
  }
  void put(IncomingMessage message) { messages_.push_back(std::move(message)); }

  [[nodiscard]] bool empty() const { return messages_.empty(); }

  void send(Peer, OutgoingMessage) override {}
  void close(Peer) override {}
  std::optional<IncomingMessage> receive(Clock::time_point) override {
    if (messages_.empty()) return std::nullopt;
    std::optional<IncomingMessage> message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }
  [[nodiscard]] std::string name(Peer peer) const override { return std::to_string(peer); }

 private:
  std::deque<IncomingMessage> messages_;
};

/// Two workers that are ready, and then show signs of life as the test says.
struct Server {
  Server() : workload(load_workload<double>(model())), wire(*workload, {}, 1, 2, 1) {
    for (const Peer peer : {1, 2}) {
      transport->put(peer, Kind::joined, begin);
      transport->put(peer, Hello{}, begin);
      transport->put(peer, Ready{workload->dimension(), workload->buffers()}, begin);
    }
  }
  static ModelConfig model() {
    ModelConfig model;
    model.workload = "quadratic(dimension=3)";
    return model;
  }
  /// All that the server hears of its workers.
  std::vector<WorkerMessage<double>> hear() {
    ClusterSettings settings;
    settings.workers = 2;
    const Backlog& backlog = *transport;
    RemoteWorkers<double> workers(std::move(transport), *workload, wire, 1, settings);
    std::vector<WorkerMessage<double>> told;
    while (!backlog.empty()) {
      if (auto message = workers.receive(Clock::now())) told.push_back(std::move(*message));
    }
    return told;
  }

  /// Long ago, and the last sign of life lies far ahead: how fast the test runs is all the same.
  Clock::time_point begin = Clock::now() - 100s;
  Clock::time_point end = Clock::now() + 1000s;
  std::shared_ptr<const Workload<double>> workload;
  Wire<double> wire;
  std::unique_ptr<Backlog> transport = std::make_unique<Backlog>();
};

int count(const std::vector<WorkerMessage<double>>& told, Told kind) {
  return static_cast<int>(std::count_if(told.begin(), told.end(),
                                        [&](const auto& message) { return message.kind == kind; }));
}

TEST_CASE("workers whose heartbeats lie unread while the server is busy are not down") {
  Server server;
  for (auto time = server.begin; time < server.end; time += 200ms) {
    for (const Peer peer : {1, 2}) server.transport->put(peer, Heartbeat{}, time);
  }
  const auto told = server.hear();
  CHECK(count(told, Told::up) == 2);
  CHECK(count(told, Told::down) == 0);
}

TEST_CASE("a worker that falls silent is down after three heartbeats, by the times of arrival") {
  Server server;
  const auto silent = server.begin + 2s;
  for (auto time = server.begin; time < server.end; time += 200ms) {
    server.transport->put(1, Heartbeat{}, time);
    if (time <= silent) server.transport->put(2, Heartbeat{}, time);
  }
  const auto told = server.hear();
  REQUIRE(count(told, Told::down) == 1);
  CHECK(told.back().worker == 1);
  // At the first message of the other that shows it.
  CHECK(told.back().time >= silent + 600ms);
  CHECK(told.back().time <= silent + 800ms);
}

TEST_CASE("a worker of whom something is on its way behind a long message is not down") {
  Server server;
  for (auto time = server.begin; time < server.end; time += 200ms) {
    server.transport->put(1, Heartbeat{}, time);
    server.transport->put(2, Kind::alive, time);
  }
  CHECK(count(server.hear(), Told::down) == 0);
}

TEST_CASE("a worker whose hello lay unread while the server was busy has time for its first beat") {
  Server server;
  server.transport = std::make_unique<Backlog>();
  server.transport->put(1, Kind::joined, server.begin);
  server.transport->put(1, Hello{}, server.begin);
  ClusterSettings settings;
  settings.workers = 1;
  RemoteWorkers<double> workers(std::move(server.transport), *server.workload, server.wire, 1,
                                settings);
  std::vector<std::string> news;
  workers.on_news([&](const std::string& text) { news.push_back(text); });
  CHECK_FALSE(workers.receive(Clock::now()));
  CHECK(news.empty());
}

TEST_CASE("who is refused by the transport is counted and told, and less often the more often") {
  Server server;
  for (int i = 0; i < 5; ++i) {
    server.transport->put({Kind::refused, 0, server.begin, {}, {}, {"TLS handshake", "it failed"}});
  }
  server.transport->put(
      {Kind::left, 2, server.begin, {}, {}, {"oversized message", "a message of 9 bytes"}});
  ClusterSettings settings;
  settings.workers = 2;
  const Backlog& backlog = *server.transport;
  RemoteWorkers<double> workers(std::move(server.transport), *server.workload, server.wire, 1,
                                settings);
  std::vector<std::string> news;
  workers.on_news([&](const std::string& text) { news.push_back(text); });
  while (!backlog.empty()) static_cast<void>(workers.receive(Clock::now()));
  const std::map<std::string, std::uint64_t> counts = {{"refused: TLS handshake", 5},
                                                       {"refused: oversized message", 1}};
  CHECK(workers.oddities() == counts);
  REQUIRE(news.size() == 7);
  CHECK(news[2] == "refused it failed");
  CHECK(news[3] == "refused it failed (2 times)");
  CHECK(news[4] == "refused it failed (4 times)");
  CHECK(news[5] == "refused 2: a message of 9 bytes");
  CHECK(news[6] == "worker 1 (2) is down: a message of 9 bytes");
}

}  // namespace
}  // namespace syncline
