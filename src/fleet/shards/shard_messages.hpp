#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fleet/cluster/protocol.hpp"

// What a shard, its coordinator and the workers say to each other (docs/protocol.md). A message is
// the number of its kind, then its fields in the order of fields(), numbers little-endian, then a
// body that reaches to the end, where its kind has one.
namespace syncline {

/// Of this dialogue; that between server and workers has its own.
inline constexpr std::uint32_t shard_protocol_version = 3;

// To a shard, from the coordinator.

/// The first message: what the run is, and which part of it the shard has.
struct ShardHello {
  std::uint32_t magic = protocol_magic, version = shard_protocol_version;
  std::string token;  ///< of coordinators, if they have one of their own; else of the job
  std::uint64_t incarnation = 0;
  std::uint32_t shard = 0, shards = 1;
  double heartbeat = 0;  ///< seconds between signs of life, both ways
  std::string config;    ///< of the run, JSON
  auto fields(auto&& f) { f(magic, version, token, incarnation, shard, shards, heartbeat, config); }
};
/// A worker begins a job, at the version `read`, which it needs to be sent or has.
struct StartOrder {
  WorkerId worker = 0;
  std::uint64_t job = 0, gradient = 0;
  Version read = 0;
  bool send = false;
  auto fields(auto&& f) { f(worker, job, gradient, read, send); }
};
struct FoldOrder {
  WorkerId worker = 0;
  std::uint64_t job = 0;
  Slot slot = 0;
  double weight = 0;
  auto fields(auto&& f) { f(worker, job, slot, weight); }
};
struct PutOrder {
  WorkerId worker = 0;
  std::uint64_t job = 0;
  Slot table = 0;
  auto fields(auto&& f) { f(worker, job, table); }
};
struct ClearOrder {
  Slot slot = 0;
  auto fields(auto&& f) { f(slot); }
};
struct SwapOrder {
  Slot table = 0, other = 0;
  auto fields(auto&& f) { f(table, other); }
};
struct MergeOrder {
  Slot from = 0, into = 0;
  double weight = 0;
  auto fields(auto&& f) { f(from, into, weight); }
};
struct StepOrder {
  Slot slot = 0;
  double scale = 0;
  Version version = 0;
  auto fields(auto&& f) { f(slot, scale, version); }
};
struct KOrder {
  double k = 0;
  auto fields(auto&& f) { f(k); }
};
struct AverageOrder {
  auto fields(auto&& f) { f(); }
};
/// The answer to BlockSums.
struct TotalAnswer {
  double total = 0;
  auto fields(auto&& f) { f(total); }
};
// Questions; each has one answer.
struct VersionQuestion {
  Version version = 0;
  auto fields(auto&& f) { f(version); }
};
struct ProbeQuestion {
  double sign = 0;
  auto fields(auto&& f) { f(sign); }
};
struct AverageQuestion {
  auto fields(auto&& f) { f(); }
};
struct ArrivalQuestion {
  WorkerId worker = 0;
  std::uint64_t job = 0;
  bool norm = false, distance = false;
  auto fields(auto&& f) { f(worker, job, norm, distance); }
};
struct StepQuestion {
  auto fields(auto&& f) { f(); }
};
struct StateQuestion {
  auto fields(auto&& f) { f(); }
};
struct VectorQuestion {
  std::uint32_t number = 0;  ///< in the order of the names in a state's answer
  auto fields(auto&& f) { f(number); }
};
/// The numbers of a checkpoint. Its answer is as that of StateQuestion.
struct RestoreOrder {
  std::string state;  ///< JSON
  auto fields(auto&& f) { f(state); }
};
/// A vector of it, in the body. All of them follow, in order.
struct RestoreVector {
  static constexpr bool has_body = true;
  auto fields(auto&& f) { f(); }
};
/// A version, in the body.
struct RestoreVersion {
  static constexpr bool has_body = true;
  Version version = 0;
  auto fields(auto&& f) { f(version); }
};
/// A version that was restored is the current one.
struct CurrentOrder {
  Version version = 0;
  auto fields(auto&& f) { f(version); }
};
/// The coordinator is alive, busy or not.
struct CoordinatorBeat {
  std::uint64_t number = 0;  ///< rising
  auto fields(auto&& f) { f(number); }
};

// To a shard, from a worker.

/// The first message.
struct WorkerHello {
  std::uint32_t magic = protocol_magic, version = shard_protocol_version;
  std::string token;
  std::uint64_t incarnation = 0;  ///< of the coordinator, which has given it its number
  WorkerId worker = 0;
  auto fields(auto&& f) { f(magic, version, token, incarnation, worker); }
};
/// Its part of a payload, or all of it where that is coded, in the body.
struct PayloadPart {
  static constexpr bool has_body = true;
  std::uint64_t job = 0;
  bool coded = false;
  auto fields(auto&& f) { f(job, coded); }
};

using ToShard =
    std::variant<ShardHello, WorkerHello, PayloadPart, StartOrder, FoldOrder, PutOrder, ClearOrder,
                 SwapOrder, MergeOrder, StepOrder, KOrder, AverageOrder, TotalAnswer,
                 VersionQuestion, ProbeQuestion, AverageQuestion, ArrivalQuestion, StepQuestion,
                 StateQuestion, VectorQuestion, RestoreOrder, RestoreVector, RestoreVersion,
                 CurrentOrder, CoordinatorBeat>;

// From a shard.

/// It takes part: answer to either hello.
struct ShardReady {
  std::uint64_t length = 0;  ///< of its part of a state
  auto fields(auto&& f) { f(length); }
};
struct ShardRefusal {
  std::string reason;
  bool try_again = false;  ///< later it may be otherwise
  auto fields(auto&& f) { f(reason, try_again); }
};
/// To the coordinator: the sums of its blocks (doubles, in the body), of which it wants the total.
struct BlockSums {
  static constexpr bool has_body = true;
  auto fields(auto&& f) { f(); }
};
/// To the coordinator: to a question. What the text and the body hold is as the question is.
struct ShardAnswer {
  static constexpr bool has_body = true;
  std::string text;
  auto fields(auto&& f) { f(text); }
};
/// To the coordinator: the shard can't go on.
struct ShardFailure {
  std::string reason;
  auto fields(auto&& f) { f(reason); }
};
/// To a worker: the part of the state that a job starts from, in the body.
struct StatePart {
  static constexpr bool has_body = true;
  std::uint64_t job = 0;
  Version version = 0;
  auto fields(auto&& f) { f(job, version); }
};
/// To a worker: its part of a payload has come.
struct PartStored {
  std::uint64_t job = 0;
  bool finite = true;
  auto fields(auto&& f) { f(job, finite); }
};

/// To the coordinator: the shard is alive, busy or not.
struct ShardBeat {
  std::uint64_t reached = 0;  ///< the last beat of the coordinator that it has come to
  std::uint64_t heard = 0;    ///< how much else has come from there, whole or on its way
  auto fields(auto&& f) { f(reached, heard); }
};

using FromShard = std::variant<ShardReady, ShardRefusal, BlockSums, ShardAnswer, ShardFailure,
                               StatePart, PartStored, ShardBeat>;

[[nodiscard]] std::vector<std::byte> encode_message(ToShard message);
[[nodiscard]] std::vector<std::byte> encode_message(FromShard message);

/// Take a message apart; `body` gets what follows its fields: nothing, where the kind has no body.
/// Throw MalformedMessage.
[[nodiscard]] ToShard decode_to_shard(std::span<const std::byte> bytes,
                                      std::span<const std::byte>& body);
[[nodiscard]] FromShard decode_from_shard(std::span<const std::byte> bytes,
                                          std::span<const std::byte>& body);

}  // namespace syncline
