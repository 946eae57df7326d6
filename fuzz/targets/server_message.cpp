// What the server says to workers.

#include "fleet/cluster/protocol.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

void take(std::string_view input) {
  std::span<const std::byte> body;
  const ServerSays says = decode_from_server(bytes_of(input), body);
  check_again(input, encode(says), body);
}

std::vector<std::string> seeds() {
  Welcome welcome;
  welcome.config = "{}";
  Refusal refusal;
  refusal.reason = "full";
  std::vector<std::string> messages = {text_of(encode(ServerSays(welcome))),
                                       text_of(encode(ServerSays(refusal)))};
  add_every_kind<ServerSays>(messages, [](const ServerSays& says) { return encode(says); });
  return accepted(server_message_target, messages);
}

}  // namespace

const Target server_message_target{"server-message", "a message of the server", take, seeds};

}  // namespace syncline::fuzz
