// The simulated network: what the contract of transports says of order and ends, in virtual time.

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "transport/simulated/simulated_network.hpp"

namespace syncline {
namespace {

using Seconds = SimulatedNetwork::Seconds;
using Kind = IncomingMessage::Kind;
using Way = SimulatedNetwork::Way;

OutgoingMessage numbered(std::uint8_t number) { return {{static_cast<std::byte>(number)}}; }

/// A worker's end that keeps what comes.
struct Listener {
  Listener(SimulatedNetwork& network, std::size_t process)
      : transport(network.connect(process, [this] {
          while (auto incoming = transport->receive({})) heard.push_back(std::move(*incoming));
        })) {}
  std::vector<IncomingMessage> heard;
  std::unique_ptr<WorkerTransport> transport;
};

std::vector<IncomingMessage> all_until(ServerTransport& server, Seconds time) {
  const auto end = server.now() + std::chrono::duration_cast<std::chrono::nanoseconds>(time);
  std::vector<IncomingMessage> all;
  while (auto incoming = server.receive(end)) all.push_back(std::move(*incoming));
  return all;
}

/// The numbers of messages, which must be those of a sequence that has no gap.
std::size_t in_order(const std::vector<IncomingMessage>& heard, Peer peer) {
  std::size_t next = 0;
  for (const auto& incoming : heard) {
    if (incoming.kind != Kind::message || incoming.peer != peer) continue;
    RC_ASSERT(std::to_integer<std::size_t>(incoming.bytes.at(0)) == next);
    ++next;
  }
  return next;
}

TEST_CASE("whatever is stopped, blocked and delayed, each connection's messages come in order") {
  CHECK(rc::check([] {
    SimulatedNetwork::Settings settings;
    settings.seed = *rc::gen::arbitrary<std::uint64_t>();
    settings.workers = 2;
    settings.delay = Seconds(0.01);
    SimulatedNetwork network(settings);
    const auto server = network.server();
    Listener first(network, 1), second(network, 2);
    std::vector<Peer> peers;
    for (const auto& joined : all_until(*server, Seconds(1))) peers.push_back(joined.peer);
    RC_ASSERT(peers.size() == std::size_t{2});
    std::vector<IncomingMessage> at_server;
    const std::uint8_t messages = 40;
    for (std::uint8_t i = 0; i < messages; ++i) {
      for (Listener* worker : {&first, &second}) worker->transport->send(numbered(i));
      for (const Peer peer : peers) server->send(peer, numbered(i));
      const std::size_t process = *rc::gen::inRange<std::size_t>(0, 3);
      const Seconds time(*rc::gen::inRange(0, 100) * 0.001);
      if (*rc::gen::inRange(0, 4) == 0) network.stop(process, time);
      if (process > 0 && *rc::gen::inRange(0, 4) == 0) network.block(process, Way::up, time);
      if (process > 0 && *rc::gen::inRange(0, 4) == 0) network.block(process, Way::down, time);
      for (auto& incoming : all_until(*server, Seconds(0.005))) at_server.push_back(incoming);
    }
    for (auto& incoming : all_until(*server, Seconds(10))) at_server.push_back(incoming);
    auto before = SimulatedNetwork::Time();
    for (const auto& incoming : at_server) {
      RC_ASSERT(incoming.time >= before);
      before = incoming.time;
    }
    for (const Peer peer : peers) RC_ASSERT(in_order(at_server, peer) == std::size_t{messages});
    for (const Listener* worker : {&first, &second}) {
      RC_ASSERT(in_order(worker->heard, 0) == std::size_t{messages});
    }
  }));
}

TEST_CASE("of a connection that is cut, the first messages arrive, then its end, then a new one") {
  CHECK(rc::check([] {
    SimulatedNetwork::Settings settings;
    settings.seed = *rc::gen::arbitrary<std::uint64_t>();
    SimulatedNetwork network(settings);
    const auto server = network.server();
    Listener worker(network, 1);
    const Peer peer = all_until(*server, Seconds(1)).at(0).peer;
    for (std::uint8_t i = 0; i < 20; ++i) worker.transport->send(numbered(i));
    network.cut(1);
    const auto heard = all_until(*server, Seconds(10));
    const std::size_t arrived = in_order(heard, peer);
    RC_ASSERT(heard.size() == arrived + 2);
    RC_ASSERT(heard.at(arrived).kind == Kind::left);
    RC_ASSERT(heard.back().kind == Kind::joined);
    RC_ASSERT(heard.back().peer != peer);
  }));
}

TEST_CASE(
    "a worker's process that ends: what it had sent, then its end; with its machine, nothing") {
  for (const bool machine_gone : {false, true}) {
    SimulatedNetwork network({});
    const auto server = network.server();
    Listener worker(network, 1);
    all_until(*server, Seconds(1));
    worker.transport->send(numbered(0));
    network.end(1, machine_gone);
    worker.transport->send(numbered(1));
    const auto heard = all_until(*server, Seconds(100));
    if (machine_gone) {
      CHECK(heard.empty());
    } else {
      REQUIRE(heard.size() == 2);
      CHECK(heard[0].kind == Kind::message);
      CHECK(heard[1].kind == Kind::left);
    }
  }
}

TEST_CASE("a server that is killed hears no more, and its workers find the next one") {
  for (const bool machine_gone : {false, true}) {
    SimulatedNetwork network({});
    auto server = network.server();
    Listener worker(network, 1);
    all_until(*server, Seconds(1));
    network.kill_server(machine_gone);
    CHECK_THROWS_AS(static_cast<void>(server->receive(server->now())),
                    SimulatedNetwork::ServerDies);
    server = network.server();
    const auto heard = all_until(*server, Seconds(20));
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].kind == Kind::joined);
  }
}

}  // namespace
}  // namespace syncline
