// What gRPC's transport does beyond the contract of all: it connects again, and it bears hostile
// and broken peers.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "syncline/error.hpp"
#include "transport/grpc/grpc_transport.hpp"
#include "transport/transport_error.hpp"
#include "transport/transport_support.hpp"

namespace syncline {
namespace {

using testing::Bytes;
using testing::Kind;
using testing::next;
using testing::outgoing;
using testing::patience;
using testing::pattern;
using testing::soon;

/// An address at which a server was a moment ago.
std::string abandoned_address() { return grpc_listen("127.0.0.1:0", {}).address; }

TEST_CASE("a server that goes and comes back, its worker hears of both and is connected again") {
  auto first = grpc_listen("127.0.0.1:0", {});
  const auto worker = grpc_connect(first.address, {});
  next(*worker, Kind::joined);
  worker->send(outgoing(pattern(9, 1)));
  next(*first.transport, Kind::message);
  first.transport.reset();
  CHECK(next(*worker).kind == Kind::left);
  worker->send(outgoing(pattern(9, 2)));  // lost
  const auto second = grpc_listen(first.address, {});
  CHECK(next(*worker).kind == Kind::joined);
  CHECK(next(*second.transport).kind == Kind::joined);
  worker->send(outgoing(pattern(9, 3)));
  CHECK(next(*second.transport).bytes == pattern(9, 3));
}

TEST_CASE("a worker that comes before its server is connected when the server is there") {
  const std::string address = abandoned_address();
  const auto worker = grpc_connect(address, {});
  CHECK_FALSE(worker->receive(soon()));
  const auto server = grpc_listen(address, {});
  CHECK(next(*worker).kind == Kind::joined);
}

TEST_CASE("a worker without a server, told to give up, throws and says what was wrong") {
  GrpcSettings settings;
  settings.give_up = std::chrono::milliseconds(300);
  const std::string address = abandoned_address();
  const auto worker = grpc_connect(address, settings);
  std::string error;
  try {
    static_cast<void>(worker->receive(patience()));
  } catch (const TransportError& thrown) {
    error = thrown.what();
  }
  CAPTURE(error);
  CHECK(error.find("no connection to the server at " + address) == 0);
  CHECK(error.find("onnect") < error.find("no answer yet"));
}

TEST_CASE("a server that lets a worker in only to send it away is asked less and less often") {
  GrpcSettings settings;
  settings.first_pause = std::chrono::milliseconds(50);
  const auto server = grpc_listen("127.0.0.1:0", settings);
  const auto begin = std::chrono::steady_clock::now();
  const auto worker = grpc_connect(server.address, settings);
  for (int attempt = 0; attempt < 6; ++attempt) {
    const Peer peer = next(*server.transport, Kind::joined).peer;
    server.transport->send(peer, outgoing(pattern(9, 1)));
    server.transport->close(peer);
    CHECK(next(*worker, Kind::message).bytes == pattern(9, 1));
    next(*worker, Kind::left);
    // It is the worker's receive() that tries again.
    while (attempt < 5) {
      if (const auto news = worker->receive(soon()); news && news->kind == Kind::joined) break;
    }
  }
  // Half of 50, 100, 200, 400 and 800 ms at least.
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(775));
}

TEST_CASE("a worker that is destroyed while it connects does not hang") {
  const std::string address = abandoned_address();
  for (int i = 0; i < 10; ++i) static_cast<void>(grpc_connect(address, {}));
  // An address that answers nothing (RFC 5737).
  GrpcSettings settings;
  settings.insecure = true;
  const auto begin = std::chrono::steady_clock::now();
  static_cast<void>(grpc_connect("192.0.2.1:5000", settings));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("a server that is destroyed, the goodbyes of closed connections still arrive") {
  auto server = grpc_listen("127.0.0.1:0", {});
  std::vector<std::unique_ptr<WorkerTransport>> workers;
  for (int i = 0; i < 5; ++i) {
    workers.push_back(grpc_connect(server.address, {}));
    const Peer peer = next(*server.transport, Kind::joined).peer;
    server.transport->send(peer, outgoing(pattern(3'000'000, 4), 10));
    server.transport->close(peer);
  }
  server.transport.reset();
  for (const auto& worker : workers) {
    CHECK(next(*worker, Kind::message).bytes == pattern(3'000'000, 4));
  }
}

TEST_CASE("a message above the bound is not sent, and ends the connection of who sends it anyway") {
  GrpcSettings small;
  small.largest_message = 1'000'000;
  const auto server = grpc_listen("127.0.0.1:0", small);
  const auto lawless = grpc_connect(server.address, {});
  const auto honest = grpc_connect(server.address, small);
  next(*lawless, Kind::joined);
  next(*honest, Kind::joined);
  next(*server.transport, Kind::joined);
  next(*server.transport, Kind::joined);
  CHECK_THROWS_AS(honest->send(outgoing(Bytes(1'000'001))), TransportError);
  lawless->send(outgoing(Bytes(1'000'001)));
  CHECK(next(*lawless).kind == Kind::left);
  honest->send(outgoing(Bytes(1'000'000)));
  // Who left was not the one whose message arrives.
  const IncomingMessage gone = next(*server.transport, Kind::left);
  CHECK(gone.fault.kind == "oversized message");
  CHECK(gone.fault.text == "a message of 1000001 bytes, more than 1000000");
  const IncomingMessage message = next(*server.transport, Kind::message);
  CHECK(message.peer != gone.peer);
  CHECK(message.bytes.size() == 1'000'000);
}

TEST_CASE("who is not admitted yet may send a hello, but nothing long") {
  GrpcSettings settings;
  settings.largest_hello = 1000;
  const auto server = grpc_listen("127.0.0.1:0", settings);
  const auto worker = grpc_connect(server.address, settings);
  next(*worker, Kind::joined);
  const auto joined = server.transport->receive(patience());
  REQUIRE(joined);
  worker->send(outgoing(pattern(1000, 1)));
  CHECK(next(*server.transport).bytes == pattern(1000, 1));
  server.transport->admit(joined->peer);
  worker->send(outgoing(pattern(1001, 2)));
  CHECK(next(*server.transport).bytes == pattern(1001, 2));

  const auto stranger = grpc_connect(server.address, settings);
  next(*stranger, Kind::joined);
  REQUIRE(server.transport->receive(patience()));
  stranger->send(outgoing(pattern(1001, 3)));
  const IncomingMessage gone = next(*server.transport);
  CHECK(gone.kind == Kind::left);
  CHECK(gone.fault.kind == "oversized message");
  worker->send(outgoing(pattern(1001, 4)));
  CHECK(next(*server.transport).bytes == pattern(1001, 4));
}

TEST_CASE("while neither end listens, connections are kept, and what is sent arrives") {
  GrpcSettings settings;
  settings.keepalive = std::chrono::milliseconds(500);
  settings.keepalive_timeout = std::chrono::milliseconds(1000);
  const auto server = grpc_listen("127.0.0.1:0", settings);
  std::vector<std::unique_ptr<WorkerTransport>> workers;
  for (int count = 1; count <= 2; ++count) {
    workers.push_back(grpc_connect(server.address, settings));
    next(*workers.back(), Kind::joined);
    const Peer peer = next(*server.transport, Kind::joined).peer;
    server.transport->send(peer, outgoing(pattern(5'000'000, 1)));
    workers.back()->send(outgoing(pattern(5'000'000, 2)));
    // Longer than a connection lives that does not answer, and than sockets can keep it all.
    std::this_thread::sleep_for(std::chrono::seconds(4));
    CHECK(next(*server.transport).bytes == pattern(5'000'000, 2));
    CHECK(next(*workers.back()).bytes == pattern(5'000'000, 1));
  }
}

TEST_CASE("workers that come and go: one alone, many at once, and one again, all are answered") {
  const auto server = grpc_listen("127.0.0.1:0", {});
  const auto answer_one = [&] {
    const IncomingMessage message = next(*server.transport, Kind::message);
    server.transport->send(message.peer, outgoing(message.bytes));
  };
  for (int round = 0; round < 10; ++round) {
    std::vector<std::unique_ptr<WorkerTransport>> workers;
    for (int count = 0; count < 1 + 3 * (round % 2); ++count) {
      workers.push_back(grpc_connect(server.address, {}));
      next(*workers.back(), Kind::joined);
      next(*server.transport, Kind::joined);
    }
    for (std::uint64_t trip = 0; trip < 20; ++trip) {
      for (const auto& worker : workers) worker->send(outgoing(pattern(100'000, trip)));
      for (std::size_t i = 0; i < workers.size(); ++i) answer_one();
      for (const auto& worker : workers) CHECK(next(*worker).bytes == pattern(100'000, trip));
    }
  }
}

TEST_CASE("a long message that is on its way is a sign of life of its worker") {
  const auto server = grpc_listen("127.0.0.1:0", {});
  const auto worker = grpc_connect(server.address, {});
  const Peer peer = next(*server.transport, Kind::joined).peer;
  next(*worker, Kind::joined);
  worker->send(outgoing(pattern(3'000'000, 1), 0));
  const auto first = server.transport->receive(patience());
  REQUIRE(first);
  CHECK(first->kind == Kind::alive);
  CHECK(first->peer == peer);
  CHECK(next(*server.transport).bytes == pattern(3'000'000, 1));
}

TEST_CASE("a worker that does not take what it is sent is cut off: memory is bounded") {
  GrpcSettings settings;
  settings.largest_inbox = 1'000'000;
  settings.largest_outbox = 20'000'000;
  const auto server = grpc_listen("127.0.0.1:0", settings);
  const auto worker = grpc_connect(server.address, settings);
  const Peer peer = next(*server.transport, Kind::joined).peer;
  // Far more than what fits into outbox, sockets and inbox together; each goes out first if it can.
  std::optional<IncomingMessage> news;
  for (int sent = 0; !news && sent < 300; ++sent) {
    auto body = std::make_shared<const Bytes>(1'000'000);
    const std::weak_ptr<const Bytes> waiting = body;
    server.transport->send(peer, {{}, body, *body});
    body.reset();
    const auto deadline = soon();
    while (!waiting.expired() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    news = server.transport->receive(std::chrono::steady_clock::now());
  }
  REQUIRE(news);
  CHECK(news->kind == Kind::left);
  CHECK(news->peer == peer);
}

/// Sends bytes to the port as any program could, until they are sent or refused.
void send_raw(const std::string& address, const Bytes& bytes) {
  sockaddr_in to = {};
  to.sin_family = AF_INET;
  to.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  for (std::size_t done = 0; done < bytes.size();) {
    const auto count = ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  close(socket);
}

TEST_CASE("random bytes on the port, with and without HTTP/2's preface, do no harm") {
  const auto server = grpc_listen("127.0.0.1:0", {});
  const auto worker = grpc_connect(server.address, {});
  const Peer peer = next(*server.transport, Kind::joined).peer;
  next(*worker, Kind::joined);
  const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  for (std::uint64_t i = 0; i < 40; ++i) {
    Bytes bytes = pattern(i % 2 == 0 ? 4096 : 100'000, i);
    if (i % 4 >= 2) {
      for (std::size_t at = 0; at < preface.size(); ++at) {
        bytes[at] = static_cast<std::byte>(preface[at]);
      }
    }
    send_raw(server.address, bytes);
  }
  worker->send(outgoing(pattern(100, 1)));
  const IncomingMessage message = next(*server.transport);
  CHECK(message.peer == peer);
  CHECK(message.bytes == pattern(100, 1));
}

TEST_CASE("an address that is none, is taken, or is plain text beyond this machine, is refused") {
  for (const std::string address : {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:x", "::1:5000",
                                    "127.0.0.1:70000", "127.0.0.1:80x"}) {
    CAPTURE(address);
    CHECK_THROWS_AS(static_cast<void>(grpc_listen(address, {})), ConfigError);
    CHECK_THROWS_AS(static_cast<void>(grpc_connect(address, {})), ConfigError);
  }
  for (const std::string address : {"0.0.0.0:0", "10.0.0.1:5000", "example.org:80",
                                    "127.evil.org:80", "[::2]:80", "localhost.evil.org:1"}) {
    CAPTURE(address);
    CHECK_THROWS_WITH_AS(static_cast<void>(grpc_listen(address, {})),
                         doctest::Contains("plain text"), ConfigError);
    CHECK_THROWS_WITH_AS(static_cast<void>(grpc_connect(address, {})),
                         doctest::Contains("plain text"), ConfigError);
  }
  const auto server = grpc_listen("127.0.0.1:0", {});
  CHECK_THROWS_WITH_AS(static_cast<void>(grpc_listen(server.address, {})),
                       doctest::Contains("the port is taken"), ConfigError);
  GrpcSettings open;
  open.insecure = true;
  // An address of nobody (RFC 5737), and a name of nobody (RFC 6761).
  CHECK_THROWS_WITH_AS(static_cast<void>(grpc_listen("192.0.2.1:0", open)),
                       doctest::Contains("none of this machine"), ConfigError);
  CHECK_THROWS_WITH_AS(static_cast<void>(grpc_listen("nobody.invalid:5000", open)),
                       doctest::Contains("the host is not known"), ConfigError);
}

TEST_CASE("more connections than the server takes, the last is refused until one goes") {
  GrpcSettings settings;
  settings.most_connections = 2;
  const auto server = grpc_listen("127.0.0.1:0", settings);
  const auto first = grpc_connect(server.address, settings);
  auto second = grpc_connect(server.address, settings);
  next(*first, Kind::joined);
  next(*second, Kind::joined);
  const auto third = grpc_connect(server.address, settings);
  // Refused, it tries again and again.
  CHECK_FALSE(third->receive(soon()));
  CHECK(next(*server.transport, Kind::refused).fault.kind == "too many connections");
  second.reset();
  next(*server.transport, Kind::left);
  CHECK(next(*third).kind == Kind::joined);
}

}  // namespace
}  // namespace syncline
