// The proxy stops at messages that the test sends through it.

#include <thread>

#include <doctest/doctest.h>

#include "chaos/link_proxy.hpp"
#include "http2_bytes.hpp"
#include "proxied_sockets.hpp"

namespace syncline {
namespace {

using namespace testing;

const std::string heartbeat = as_sent(2, "12345678"), result = as_sent(3, std::string(500, 'r'));
const std::string assignment = as_sent(2, std::string(700, 'a'));

std::uint32_t await_caught(const LinkProxy& proxy) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  for (;;) {
    if (const auto link = proxy.caught()) return *link;
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

/// What passes of a result before it is held back: all before its kind.
const std::size_t head_of_result = result.size() - 501;

std::uint64_t passed(const LinkProxy& proxy, const char* message) {
  return proxy.passed().at(find_protocol_message(message));
}

TEST_CASE("a message is held back from its first byte on until it is let go") {
  Place place(true);
  const Line line(place, 1);
  line.worker.send(preface + heartbeat);
  CHECK(line.server.receive(preface.size() + heartbeat.size()) == preface + heartbeat);
  place.proxy.catch_at({find_protocol_message("result"), false});
  line.worker.send(heartbeat + result + heartbeat);
  CHECK(await_caught(place.proxy) == 1);
  const std::size_t before = heartbeat.size() + head_of_result;
  CHECK(line.server.receive(before) == (heartbeat + result).substr(0, before));
  // The other way is open, and so are other links.
  line.server.send("to the worker");
  CHECK(line.worker.receive(13) == "to the worker");
  CHECK(line.server.nothing_there());
  place.proxy.let_go();
  CHECK_FALSE(place.proxy.caught());
  CHECK(line.server.receive(501 + heartbeat.size()) == result.substr(head_of_result) + heartbeat);
  // Only one was wanted.
  line.worker.send(result);
  CHECK(line.server.receive(result.size()) == result);
  CHECK(passed(place.proxy, "result") == 2);
  CHECK(passed(place.proxy, "heartbeat") == 3);
}

TEST_CASE("a message passes as a whole, and what follows is held back") {
  Place place(true);
  const Line line(place);
  place.proxy.catch_at({find_protocol_message("assignment"), true});
  // A heartbeat has the same kind, and another way.
  line.worker.send(preface + heartbeat);
  line.server.send(assignment + assignment);
  CHECK(await_caught(place.proxy) == 0);
  CHECK(line.worker.receive(assignment.size()) == assignment);
  CHECK(line.worker.nothing_there());
  CHECK(line.server.receive(preface.size() + heartbeat.size()) == preface + heartbeat);
  place.proxy.let_go();
  CHECK(line.worker.receive(assignment.size()) == assignment);
}

TEST_CASE("a message that is held back can be cut off, damaged, parted and delayed") {
  Place place(true);
  const std::size_t head = preface.size() + head_of_result;
  const auto hold_result = [&](const Line& line) {
    place.proxy.catch_at({find_protocol_message("result"), false});
    line.worker.send(preface + result);
    CHECK(await_caught(place.proxy) == 0);
    CHECK(line.server.receive(head) == (preface + result).substr(0, head));
  };
  {
    const Line line(place);
    hold_result(line);
    place.proxy.cut(0);
    place.proxy.let_go();
    CHECK(line.server.end() == ECONNRESET);
    CHECK(line.worker.end() == ECONNRESET);
  }
  {
    const Line line(place);
    hold_result(line);
    place.proxy.corrupt(0, LinkWay::to_server, 1, 7);
    place.proxy.let_go();
    CHECK(line.server.receive(501) != result.substr(head_of_result));
    CHECK(place.proxy.counts(0).flipped == 1);
  }
  {
    const Line line(place);
    hold_result(line);
    place.proxy.hold(0, LinkWay::both);
    place.proxy.let_go();
    CHECK(line.server.nothing_there());
    place.proxy.mend(0);
    CHECK(line.server.receive(501) == result.substr(head_of_result));
  }
  const Line line(place);
  hold_result(line);
  place.proxy.delay(0, 0.05);
  const auto begin = std::chrono::steady_clock::now();
  place.proxy.let_go();
  CHECK(line.server.receive(501) == result.substr(head_of_result));
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(50));
}

TEST_CASE("what is no longer wanted passes, and a connection that ends is waited for no more") {
  Place place(true);
  place.proxy.catch_at({find_protocol_message("result"), false});
  place.proxy.hold(0, LinkWay::both);
  {
    const Line line(place);
    line.worker.send(preface + result);  // comes to where it would be held, and no further
    while (passed(place.proxy, "result") == 0) std::this_thread::yield();
    place.proxy.cut(0);
  }
  place.proxy.mend(0);
  {
    const Line line(place);
    line.worker.send(preface + result);
    CHECK(await_caught(place.proxy) == 0);
    place.proxy.let_go();
    place.proxy.catch_at({find_protocol_message("hello"), false});
    place.proxy.catch_nothing();
    line.worker.send(as_sent(0, "hello"));
    const std::size_t all = (preface + result + as_sent(0, "hello")).size();
    CHECK(line.server.receive(all).size() == all);
  }
}

}  // namespace
}  // namespace syncline
