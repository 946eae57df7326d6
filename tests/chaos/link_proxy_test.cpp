// The proxy over loopback, between sockets of the test.

#include "chaos/link_proxy.hpp"

#include <bit>
#include <chrono>
#include <netinet/tcp.h>
#include <thread>

#include <doctest/doctest.h>

#include "proxied_sockets.hpp"
#include "syncline/error.hpp"

namespace syncline {
namespace {

using testing::Line;
using testing::loopback;
using testing::Place;
using testing::TestSocket;

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 7;
  for (char& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<char>(state >> 56U);
  }
  return bytes;
}

TEST_CASE("bytes pass both ways at once, all and in order, and so does the end") {
  const Place place;
  const Line line(place);
  const std::string bytes = pattern(20'000'000);  // more than the proxy holds
  std::string at_worker, at_server;
  {
    std::jthread to_server([&] { line.worker.send(bytes); });
    std::jthread to_worker([&] { line.server.send(bytes); });
    std::jthread reader([&] { at_worker = line.worker.receive(bytes.size()); });
    at_server = line.server.receive(bytes.size());
  }
  CHECK(at_server == bytes);
  CHECK(at_worker == bytes);
  line.worker.say_goodbye();
  CHECK(line.server.end() == 0);
  line.server.send("one more");  // only one way has ended
  CHECK(line.worker.receive(8) == "one more");
  line.server.say_goodbye();
  CHECK(line.worker.end() == 0);
  CHECK(place.proxy.counts(0).bytes == 2 * bytes.size() + 8);
  CHECK(place.proxy.counts(0).connections == 1);
  CHECK(place.proxy.counts(1).connections == 0);
}

TEST_CASE("a link that is held: nothing passes that way, the other and other links go on") {
  Place place;
  const Line line(place), other(place, 1);
  place.proxy.hold(0, LinkWay::to_server);
  line.worker.send("held");
  line.worker.say_goodbye();
  for (int i = 0; i < 20; ++i) {
    line.server.send("back");
    CHECK(line.worker.receive(4) == "back");
    other.worker.send("other");
    CHECK(other.server.receive(5) == "other");
  }
  CHECK(line.server.nothing_there());
  place.proxy.mend(0);
  CHECK(line.server.receive(4) == "held");
  CHECK(line.server.end() == 0);
}

TEST_CASE("a link that is held both ways: no connection is answered, and all goes on afterwards") {
  Place place;
  const Line line(place);
  place.proxy.hold(0, LinkWay::both);
  line.worker.send("one");
  line.server.send("two");
  const Line late(place);  // is taken, but nothing passes
  late.worker.send("three");
  CHECK(line.server.nothing_there());
  CHECK(line.worker.nothing_there());
  CHECK(late.server.nothing_there());
  place.proxy.mend(0);
  CHECK(line.server.receive(3) == "one");
  CHECK(line.worker.receive(3) == "two");
  CHECK(late.server.receive(5) == "three");
}

TEST_CASE("a held link gives no news of a reset until it is mended") {
  Place place;
  const Line line(place);
  place.proxy.hold(0, LinkWay::both);
  {
    const linger at_once = {1, 0};
    const Line doomed(place);
    setsockopt(doomed.worker.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    CHECK(doomed.server.nothing_there());
    // The other link's round trips: the proxy has had its turns.
    const Line other(place, 1);
    other.worker.send("x");
    CHECK(other.server.receive(1) == "x");
  }
  CHECK(line.server.nothing_there());
  place.proxy.mend(0);
  line.worker.send("alive");
  CHECK(line.server.receive(5) == "alive");
}

TEST_CASE("a delayed link: bytes come later, not sooner, and in order") {
  Place place;
  const Line line(place);
  const auto trip = [&] {
    const auto begin = std::chrono::steady_clock::now();
    line.worker.send("ping");
    CHECK(line.server.receive(4) == "ping");
    line.server.send("pong");
    CHECK(line.worker.receive(4) == "pong");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  place.proxy.delay(0, 0.05);
  CHECK(trip() >= 0.1);
  // What is on its way keeps its time, and what follows does not overtake it.
  line.worker.send("a");
  while (place.proxy.counts(0).bytes < 9 && line.server.nothing_there()) std::this_thread::yield();
  place.proxy.delay(0, 0);
  line.worker.send("b");
  CHECK(line.server.receive(2) == "ab");
}

TEST_CASE("a corrupted link: as many bytes differ as were to, each in one bit") {
  Place place;
  const Line line(place);
  for (const std::uint32_t bytes : {1U, 3U}) {
    place.proxy.corrupt(0, LinkWay::to_server, bytes, 99);
    int bits = 0, struck = 0;
    for (std::uint32_t i = 0; i < bytes + 2; ++i) {  // one in each piece that is read
      const std::string sent = pattern(1000);
      line.worker.send(sent);
      const std::string came = line.server.receive(sent.size());
      REQUIRE(came.size() == sent.size());
      for (std::size_t at = 0; at < sent.size(); ++at) {
        const auto difference = static_cast<unsigned char>(sent[at] ^ came[at]);
        bits += std::popcount(difference);
        struck += difference != 0 ? 1 : 0;
      }
    }
    CHECK(struck == static_cast<int>(bytes));
    CHECK(bits == static_cast<int>(bytes));
    line.server.send("whole");
    CHECK(line.worker.receive(5) == "whole");
  }
  CHECK(place.proxy.counts(0).flipped == 4);
}

TEST_CASE("connections that are cut: both ends see a reset, and new ones pass") {
  Place place;
  const Line line(place), other(place, 1);
  place.proxy.cut(0);
  CHECK(line.worker.end() == ECONNRESET);
  CHECK(line.server.end() == ECONNRESET);
  other.worker.send("x");
  CHECK(other.server.receive(1) == "x");
  const Line again(place);
  again.worker.send("y");
  CHECK(again.server.receive(1) == "y");
}

TEST_CASE("an end that dies is known at the other, both ways") {
  Place place;
  {
    auto worker = std::make_unique<TestSocket>(place.connect_to(0));
    const TestSocket server(place.accepted());
    const linger at_once = {1, 0};
    setsockopt(worker->number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    worker.reset();
    CHECK(server.end() == ECONNRESET);
  }
  const TestSocket worker(place.connect_to(0));
  auto server = std::make_unique<TestSocket>(place.accepted());
  server.reset();
  CHECK(worker.end() == 0);
}

TEST_CASE(
    "a server that is not there: the connection is reset; a proxy that can't be is an error") {
  LinkProxy proxy("127.0.0.1", 1);
  proxy.lead_to("127.0.0.1:1");
  const TestSocket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(proxy.port(0));
  REQUIRE(connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
          0);
  CHECK(socket.end() == ECONNRESET);
  CHECK_THROWS_AS(LinkProxy("192.0.2.1", 1), DataError);
  CHECK_THROWS_AS(LinkProxy("nowhere", 1), DataError);
  CHECK_THROWS_AS(proxy.lead_to("nowhere:1"), ConfigError);
  CHECK_THROWS_AS(proxy.lead_to("127.0.0.1"), ConfigError);
}

}  // namespace
}  // namespace syncline
