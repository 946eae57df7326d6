#include "chaos/protocol_message.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "syncline/error.hpp"

namespace syncline {
namespace {

/// "hello: 00 53594e43 ..." of docs/protocol.md, which another test holds to the code: the names
/// and first bytes, the worker's first.
std::vector<std::pair<std::string, int>> documented() {
  std::ifstream page(SYNCLINE_TEST_DATA "/../../docs/protocol.md");
  std::vector<std::pair<std::string, int>> found;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("```", 0) == 0) inside = line == "```bytes";
    const auto colon = line.find(": ");
    if (!inside || line[0] == ' ' || colon == std::string::npos) continue;
    found.emplace_back(line.substr(0, colon),
                       static_cast<int>(std::strtol(line.c_str() + colon + 2, nullptr, 16)));
  }
  return found;
}

TEST_CASE("the messages are those of docs/protocol.md, and their kinds are") {
  const auto page = documented();
  REQUIRE(page.size() == protocol_message_count);
  LinkWay way = LinkWay::to_server;
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    const ProtocolMessage& message = protocol_messages()[step];
    CAPTURE(message.name);
    CHECK(page[step].first == message.name);
    CHECK(page[step].second == message.kind);
    if (step > 0 && message.kind == 0) way = LinkWay::to_worker;
    CHECK(message.way == way);
  }
}

TEST_CASE("a message is found by its name, and by its way and kind") {
  for (std::size_t step = 0; step < protocol_message_count; ++step) {
    const ProtocolMessage& message = protocol_messages()[step];
    CHECK(find_protocol_message(message.name) == step);
    CHECK(step_of(message.way, message.kind) == step);
  }
  CHECK(step_of(LinkWay::to_server, 6) == protocol_message_count);
  CHECK(step_of(LinkWay::to_worker, 255) == protocol_message_count);
  CHECK_THROWS_WITH_AS(static_cast<void>(find_protocol_message("helo")),
                       doctest::Contains("'hello'?"), ConfigError);
}

}  // namespace
}  // namespace syncline
