// What workers say to the server.

#include "fleet/cluster/protocol.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

void take(std::string_view input) {
  std::span<const std::byte> body;
  const WorkerSays says = decode_from_worker(bytes_of(input), body);
  const auto* hello = std::get_if<Hello>(&says);
  // What other versions say after their number is not looked at.
  if (hello != nullptr && hello->version != protocol_version) return;
  check_again(input, encode(says), body);
}

std::vector<std::string> seeds() {
  Hello hello;
  hello.token = "token";
  std::vector<std::string> messages = {text_of(encode(WorkerSays(hello)))};
  hello.version = protocol_version + 1;
  messages.push_back(text_of(encode(WorkerSays(hello))));
  add_every_kind<WorkerSays>(messages, [](const WorkerSays& says) { return encode(says); });
  return accepted(worker_message_target, messages);
}

}  // namespace

const Target worker_message_target{"worker-message", "a worker's message", take, seeds};

}  // namespace syncline::fuzz
