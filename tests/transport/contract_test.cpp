// What transport.hpp promises, on every transport.

#include <thread>

#include <doctest/doctest.h>

#include "transport/network.hpp"
#include "transport/transport_error.hpp"
#include "transport/transport_support.hpp"

namespace syncline::testing {
namespace {

/// Runs a test on every transport; `test(network)`.
template <class Test>
void on_every_network(const Test& test) {
  for (const NetworkKind& kind : network_kinds()) {
    CAPTURE(kind.name);
    Network network = kind.make();
    test(network);
  }
}

TEST_CASE("a worker that connects, both ends hear that it joined, and the server knows its name") {
  on_every_network([](Network& network) {
    const auto worker = network.connect();
    CHECK(next(*worker).kind == Kind::joined);
    const IncomingMessage joined = next(*network.server);
    CHECK(joined.kind == Kind::joined);
    CHECK_FALSE(network.server->name(joined.peer).empty());
  });
}

TEST_CASE("messages of any size, both ways, arrive whole and in order, at times that don't fall") {
  std::vector<Bytes> messages;
  const std::size_t mebibyte = std::size_t{1} << 20U;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{100}, mebibyte - 9, mebibyte - 8, mebibyte - 7,
        mebibyte, 2 * mebibyte - 8, 3 * mebibyte + 5}) {
    messages.push_back(pattern(size, size));
  }
  for (std::size_t i = 0; i < 2000; ++i) messages.push_back(pattern(i % 50, i));
  on_every_network([&](Network& network) {
    const auto worker = network.connect();
    const Peer peer = next(*network.server, Kind::joined).peer;
    next(*worker, Kind::joined);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      // Heads and bodies of all sizes, none among them.
      const std::size_t head = i % 3 == 0 ? 0 : i % 3 == 1 ? messages[i].size() / 2 : SIZE_MAX;
      network.server->send(peer, outgoing(messages[i], head));
      worker->send(outgoing(messages[i], head));
    }
    auto before = std::chrono::steady_clock::time_point::min();
    std::size_t wrong = 0;
    for (const Bytes& message : messages) {
      const IncomingMessage at_server = next(*network.server);
      wrong += at_server.kind != Kind::message || at_server.peer != peer ||
               at_server.bytes != message || at_server.time < before;
      before = at_server.time;
      const IncomingMessage at_worker = next(*worker);
      wrong += at_worker.kind != Kind::message || at_worker.bytes != message;
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE("a body of 64 MB, both ways, arrives, and its owner is let go of") {
  const auto bytes = std::make_shared<const Bytes>(pattern(std::size_t{64} << 20U, 5));
  on_every_network([&](Network& network) {
    const auto worker = network.connect();
    const Peer peer = next(*network.server, Kind::joined).peer;
    next(*worker, Kind::joined);
    auto owner = std::make_shared<const Bytes>(*bytes);
    const std::weak_ptr<const Bytes> watched = owner;
    network.server->send(peer, {{}, owner, *owner});
    worker->send({{}, owner, *owner});
    owner.reset();
    CHECK(next(*worker).bytes == *bytes);
    CHECK(next(*network.server).bytes == *bytes);
    const auto deadline = patience();
    while (!watched.expired() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(watched.expired());
  });
}

TEST_CASE("ends of messages land where their receiver wants them, once it has said so") {
  constexpr std::size_t head = 7;
  constexpr std::size_t landing = 300'000;
  on_every_network([&](Network& network) {
    const auto worker = network.connect();
    const Peer peer = next(*network.server, Kind::joined).peer;
    next(*worker, Kind::joined);
    // A landing that is longer than the message is of no use.
    const auto wanted = [&](Peer, std::size_t length) {
      return length == head + landing || length == landing - 1 ? landing_of(landing) : Landing();
    };
    network.server->land_at(wanted);
    worker->land_at(wanted);
    std::size_t wrong = 0, landed = 0;
    for (const std::size_t size : {head + landing, std::size_t{3}, landing - 1, head + landing}) {
      const Bytes sent = pattern(size, size);
      network.server->send(peer, outgoing(sent, head));
      worker->send(outgoing(sent, head));
      for (const IncomingMessage& came : {next(*network.server), next(*worker)}) {
        wrong += whole(came) != sent;
        const std::size_t there = came.landing.bytes.size();
        wrong += there != 0 && (there != landing || size != head + landing);
        landed += there != 0;
      }
    }
    CHECK(wrong == 0);
    CHECK((landed == 0 || landed == 4));  // a transport need not ask
    network.server->land_at(nullptr);
    worker->land_at(nullptr);
    network.server->send(peer, outgoing(pattern(head + landing, 1), head));
    CHECK(next(*worker).bytes == pattern(head + landing, 1));
  });
}

TEST_CASE("receive, when nothing comes, returns at its deadline with nothing") {
  on_every_network([](Network& network) {
    const auto worker = network.connect();
    next(*network.server, Kind::joined);
    next(*worker, Kind::joined);
    const auto deadline = soon();
    CHECK_FALSE(network.server->receive(deadline));
    CHECK_FALSE(worker->receive(deadline));
    CHECK(std::chrono::steady_clock::now() >= deadline);
  });
}

TEST_CASE("a worker that goes, the server hears of it after the worker's last message") {
  on_every_network([](Network& network) {
    auto worker = network.connect();
    const Peer peer = next(*network.server, Kind::joined).peer;
    next(*worker, Kind::joined);
    worker->send(outgoing(pattern(10, 1)));
    CHECK(next(*network.server).bytes == pattern(10, 1));
    worker.reset();
    const IncomingMessage left = next(*network.server);
    CHECK(left.kind == Kind::left);
    CHECK(left.peer == peer);
    // What is sent to it now is lost, and does no harm.
    CHECK_FALSE(network.server->name(peer).empty());
    network.server->send(peer, outgoing(pattern(10, 1)));
    network.server->close(peer);
    CHECK_FALSE(network.server->receive(soon()));
  });
}

TEST_CASE("a connection that the server closes, the worker gets what was queued, then the end") {
  on_every_network([](Network& network) {
    const auto worker = network.connect();
    const Peer peer = next(*network.server, Kind::joined).peer;
    next(*worker, Kind::joined);
    const Bytes large = pattern(5'000'000, 3);
    network.server->send(peer, outgoing(large, 7));
    network.server->close(peer);
    CHECK(next(*worker).bytes == large);
    bool over = false;
    try {
      over = next(*worker).kind == Kind::left;
    } catch (const TransportError&) {
      over = true;
    }
    CHECK(over);
  });
}

TEST_CASE("many workers that send from many threads, nothing is lost or out of order") {
  constexpr std::uint32_t workers = 4, threads = 3, count = 300;
  on_every_network([](Network& network) {
    std::vector<std::unique_ptr<WorkerTransport>> ends;
    for (std::uint32_t i = 0; i < workers; ++i) {
      ends.push_back(network.connect());
      next(*ends.back(), Kind::joined);
    }
    std::vector<std::thread> senders;
    for (const auto& end : ends) {
      for (std::uint32_t thread = 0; thread < threads; ++thread) {
        senders.emplace_back([&end, thread] {
          for (std::uint32_t i = 0; i < count; ++i) {
            Bytes bytes = pattern(2 + i % 100, 1);
            bytes[0] = static_cast<std::byte>(thread);
            bytes[1] = static_cast<std::byte>(i % 251);
            end->send(outgoing(bytes, i % 20));
          }
        });
      }
    }
    std::map<std::pair<Peer, int>, std::uint32_t> seen;
    std::size_t wrong = 0;
    for (std::uint32_t i = 0; i < workers * threads * count; ++i) {
      const IncomingMessage message = next(*network.server, Kind::message);
      std::uint32_t& place = seen[{message.peer, static_cast<int>(message.bytes[0])}];
      wrong += message.bytes.size() != 2 + place % 100 ||
               message.bytes[1] != static_cast<std::byte>(place % 251);
      ++place;
    }
    for (auto& sender : senders) sender.join();
    CHECK(wrong == 0);
    CHECK(seen.size() == workers * threads);
  });
}

TEST_CASE("ends that are destroyed with messages under way, in either order, nothing hangs") {
  on_every_network([](Network& network) {
    for (const bool server_first : {false, true}) {
      auto worker = network.connect();
      const Peer peer = next(*network.server, Kind::joined).peer;
      next(*worker, Kind::joined);
      for (int i = 0; i < 20; ++i) {
        network.server->send(peer, outgoing(pattern(1'000'000, 2), 0));
        worker->send(outgoing(pattern(1'000'000, 2), 0));
      }
      if (server_first) network.server.reset();
      worker.reset();
      if (!server_first) next(*network.server, Kind::left);
    }
    CHECK(network.server == nullptr);
  });
}

}  // namespace
}  // namespace syncline::testing
