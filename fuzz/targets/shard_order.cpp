// What is said to a shard, by coordinators and workers.

#include "fleet/shards/shard_messages.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

void take(std::string_view input) {
  std::span<const std::byte> body;
  const ToShard says = decode_to_shard(bytes_of(input), body);
  check_again(input, encode_message(says), body);
}

std::vector<std::string> seeds() {
  const ToShard hello =
      ShardHello{protocol_magic, shard_protocol_version, "token", 7, 0, 1, 0.2, "{}"};
  std::vector<std::string> messages = {text_of(encode_message(hello)),
                                       text_of(encode_message(ToShard(RestoreOrder{"{}"})))};
  add_every_kind<ToShard>(messages, [](const ToShard& says) { return encode_message(says); });
  return accepted(shard_order_target, messages);
}

}  // namespace

const Target shard_order_target{"shard-order", "a message to a shard", take, seeds};

}  // namespace syncline::fuzz
