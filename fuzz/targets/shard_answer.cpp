// What a shard says, to its coordinator and to workers.

#include "fleet/shards/shard_messages.hpp"
#include "targets/entries.hpp"
#include "targets/messages.hpp"

namespace syncline::fuzz {
namespace {

void take(std::string_view input) {
  std::span<const std::byte> body;
  const FromShard says = decode_from_shard(bytes_of(input), body);
  check_again(input, encode_message(says), body);
}

std::vector<std::string> seeds() {
  std::vector<std::string> messages = {
      text_of(encode_message(FromShard(ShardAnswer{R"({"state": {}, "names": []})"}))),
      text_of(encode_message(FromShard(ShardRefusal{"taken", true})))};
  add_every_kind<FromShard>(messages, [](const FromShard& says) { return encode_message(says); });
  return accepted(shard_answer_target, messages);
}

}  // namespace

const Target shard_answer_target{"shard-answer", "a message of a shard", take, seeds};

}  // namespace syncline::fuzz
